import type { SourceFormat } from '@tributary/contracts/values';
import type { Readable } from 'node:stream';
import { sourceLimits } from '../sourceLimits.js';
import type { RecordBatch } from '../sourceRecord.js';
import { shippedDefinitions } from './catalogue/loadDefinitions.js';
import type { SourceDefinition } from './catalogue/SourceDefinition.js';
import type { EncodingDecision } from './encoding/chooseEncoding.js';
import { decodeBytes } from './encoding/decodeBytes.js';
import { readJson } from './json/readJson.js';
import { SourceNotes, type SourceNote } from './SourceNotes.js';
import { readCsv } from './table/readCsv.js';

export interface SourceOptions {
  readonly format: SourceFormat;
  /** Opens the bytes from the beginning; called once for each reading. */
  readonly open: () => Readable | Promise<Readable>;
  /** Sources that are known. Default: those that come with the product. */
  readonly definitions?: readonly SourceDefinition[];
  /** Of the text; null: found out. */
  readonly encoding?: string | null;
}

/** What a reading has found out about the source as a whole. Plain JSON. */
export interface SourceFacts {
  readonly format: SourceFormat;
  readonly encoding: EncodingDecision | null;
  readonly notes: readonly SourceNote[];
}

export interface Source {
  readonly format: SourceFormat;
  /**
   * Reads the source from its beginning, in batches of about `batchRecords` (default 1,000). Every reading of the same
   * bytes yields the same records and rejected rows. Holds a few hundred KB of text at a time, at most one record of 1 MB; a document of
   * JSON of up to 8 MB whole.
   * Leaving the loop early closes the stream. Throws SourceError for what is wrong with the source as a whole.
   */
  batches(options?: { readonly batchRecords?: number }): AsyncGenerator<RecordBatch>;
  /** Of the last reading, as far as it has come. */
  facts(): SourceFacts;
}

export function openSource(options: SourceOptions): Source {
  const { format, encoding = null, definitions = shippedDefinitions() } = options;
  let decision: EncodingDecision | null = null;
  let notes = new SourceNotes();
  return {
    format,
    facts: () => ({ format, encoding: decision, notes: notes.all }),
    async *batches({ batchRecords = sourceLimits.batchRecords } = {}) {
      const stream = await options.open();
      notes = new SourceNotes();
      try {
        const text = decodeBytes(stream, { encoding, onEncoding: (found) => (decision = found) });
        const reading = { definitions, notes };
        yield* format === 'CSV' ? readCsv(text, batchRecords, reading) : readJson(text, batchRecords, reading);
      } finally {
        stream.destroy();
      }
    },
  };
}
