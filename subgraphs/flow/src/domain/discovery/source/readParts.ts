import { isSourceError, type SourceError } from '../sourceErrors.js';
import type { RecordBatch } from '../sourceRecord.js';
import type { SourceDefinition } from './catalogue/SourceDefinition.js';
import { SourceNotes } from './SourceNotes.js';
import type { SourcePart } from './SourcePart.js';

export interface PartsReading {
  readonly parts: readonly SourcePart[];
  readonly definitions: readonly SourceDefinition[];
  readonly notes: SourceNotes;
  /** Told the notes of each part, before it is read. */
  readonly onPart: (part: SourcePart, notes: SourceNotes) => void;
}

/**
 * Reads one part after the other. A source of one part is a source like any other; of several, each batch says whose it is. A part in
 * which nothing can be read is noted and left out, unless none is left.
 */
export async function* readParts(
  { parts, definitions, notes, onPart }: PartsReading,
  batchRecords: number,
): AsyncGenerator<RecordBatch> {
  const single = parts.length === 1;
  let packedBefore = 0;
  let linesBefore = 0;
  let read = 0;
  let firstFault: SourceError | null = null;
  for (const part of parts) {
    const own = new SourceNotes(single ? null : part.name);
    onPart(part, own);
    let lastLine = 0;
    let began = false;
    try {
      for await (const batch of part.batches(batchRecords, { definitions, notes: own })) {
        began = true;
        for (const { line } of batch.records) if (line > lastLine) lastLine = line;
        for (const { line } of batch.rejected) if (line > lastLine) lastLine = line;
        const bytesRead = packedBefore + packedSoFar(part, batch.bytesRead);
        yield { ...batch, bytesRead, ...(single ? {} : { sheet: { name: part.name, linesBefore } }) };
      }
      read += 1;
    } catch (error) {
      if (single || began || !isSourceError(error) || !costsOnlyItsPart.has(error.code)) throw error;
      firstFault ??= error;
      notes.add(
        error.code === 'HEADER_ONLY' || error.code === 'EMPTY_SOURCE' ? 'SHEET_EMPTY' : 'SHEET_UNREADABLE',
        part.name,
      );
    }
    packedBefore += part.packedBytes;
    linesBefore += lastLine;
  }
  if (read === 0 && firstFault !== null) throw firstFault;
}

/** A part that was not packed says itself how far it is. */
function packedSoFar({ packedBytes, unpackedBytes }: SourcePart, unpacked: number): number {
  return unpackedBytes === 0 ? unpacked : Math.round(packedBytes * Math.min(1, unpacked / unpackedBytes));
}

const costsOnlyItsPart: ReadonlySet<string> = new Set([
  'EMPTY_SOURCE',
  'HEADER_ONLY',
  'BINARY_SOURCE',
  'WRONG_FORMAT',
  'TOO_MANY_COLUMNS',
  'LINE_TOO_LONG',
]);
