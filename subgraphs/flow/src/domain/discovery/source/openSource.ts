import type { SourceFormat } from '@tributary/contracts/values';
import type { Readable } from 'node:stream';
import { sourceLimits } from '../sourceLimits.js';
import type { RecordBatch } from '../sourceRecord.js';
import { partsOfFile } from './archive/partsOfArchive.js';
import { spoolToFile } from './archive/spoolToFile.js';
import { firstMegabytes, isCompound, isZip, refuseCompound, refuseSheet } from './archive/whatIsIt.js';
import { shippedDefinitions } from './catalogue/loadDefinitions.js';
import type { SourceDefinition } from './catalogue/SourceDefinition.js';
import { CredentialFilter } from './credentials/CredentialFilter.js';
import type { EncodingDecision } from './encoding/chooseEncoding.js';
import { peekBytes } from './peekBytes.js';
import { readParts } from './readParts.js';
import { SourceNotes, type SourceNote } from './SourceNotes.js';
import type { KnownFormat, SourcePart } from './SourcePart.js';
import { textPart } from './textPart.js';
import { unpacked } from './unpacked.js';

export interface SourceOptions {
  readonly format: SourceFormat;
  /** Opens the bytes from the beginning; called once for each reading. */
  readonly open: () => Readable | Promise<Readable>;
  /** Sources that are known. Default: those that come with the product. */
  readonly definitions?: readonly SourceDefinition[];
  /** Of the text; null: found out. */
  readonly encoding?: string | null;
  /** Of a workbook or an archive, the only one to read; null: all of them. */
  readonly sheet?: string | null;
}

/** What a reading has found out about the source as a whole. Plain JSON. */
export interface SourceFacts {
  /** What it is written in, also where that had to be found out. */
  readonly format: KnownFormat;
  readonly encoding: EncodingDecision | null;
  readonly notes: readonly SourceNote[];
}

export interface Source {
  readonly format: SourceFormat;
  /**
   * Reads the source from its beginning, in batches of about `batchRecords` (default 1,000). Every reading of the same
   * bytes yields the same records and rejected rows. Holds a few hundred KB of text at a time, at most one record of 1 MB; a document of
   * JSON of up to 8 MB whole, and the different texts of a workbook. An archive lies on disk while it is read.
   * Leaving the loop early closes the stream. Throws SourceError for what is wrong with the source as a whole.
   */
  batches(options?: { readonly batchRecords?: number }): AsyncGenerator<RecordBatch>;
  /** Of the last reading, as far as it has come. */
  facts(): SourceFacts;
}

export function openSource(options: SourceOptions): Source {
  const { format, encoding = null, sheet = null, definitions = shippedDefinitions() } = options;
  let found: KnownFormat | null = format === 'AUTO' ? null : format;
  let decision: EncodingDecision | null = null;
  let notes: SourceNotes[] = [];
  let filters: CredentialFilter[] = [];

  const partOfText = (name: string, bytes: () => AsyncIterable<Buffer>, sizes = { packedBytes: 0, unpackedBytes: 0 }) =>
    textPart({
      ...sizes,
      name,
      bytes,
      format,
      encoding,
      onEncoding: (made) => (decision = chosen(decision, made)),
      onFormat: (made) => (found ??= made),
    });

  async function partsOf(
    head: Buffer,
    bytes: AsyncGenerator<Buffer>,
    opened: AsyncDisposableStack,
    whole: SourceNotes,
  ): Promise<SourcePart[]> {
    if (isCompound(head)) refuseCompound(await firstMegabytes(bytes));
    if (isZip(head)) {
      return partsOfFile(opened.use(await spoolToFile(bytes)), format, {
        sheet,
        notes: whole,
        opened,
        textPart: (name, { compressedSize, uncompressedSize }, read) =>
          partOfText(name, read, { packedBytes: compressedSize, unpackedBytes: uncompressedSize }),
      });
    }
    refuseSheet(format, sheet);
    return [partOfText('', () => bytes)];
  }

  return {
    format,
    facts: () => ({
      format: found ?? 'CSV',
      encoding: decision,
      notes: [...notes.flatMap(({ all }) => all), ...removedNotes(filters)],
    }),
    async *batches({ batchRecords = sourceLimits.batchRecords } = {}) {
      const stream = await options.open();
      await using opened = new AsyncDisposableStack();
      const whole = new SourceNotes();
      notes = [whole];
      filters = [];
      try {
        const { head, bytes } = await peekBytes(unpacked(stream));
        const parts = await partsOf(head, bytes, opened, whole);
        const onPart = ({ format: written }: SourcePart, own: SourceNotes): void => {
          found ??= written;
          notes.push(own);
          filters.push(new CredentialFilter());
        };
        for await (const batch of readParts({ parts, definitions, notes: whole, onPart }, batchRecords))
          yield filters.at(-1)!.filter(batch);
      } finally {
        stream.destroy();
      }
    },
  };
}

/** Of several texts, the first; a doubt about any of them is told. */
function chosen(before: EncodingDecision | null, made: EncodingDecision): EncodingDecision {
  return before === null || (before.doubt === null && made.doubt !== null) ? made : before;
}

function removedNotes(filters: readonly CredentialFilter[]): SourceNote[] {
  const removed = new Map<string, number>();
  for (const filter of filters)
    for (const [column, count] of filter.removed) removed.set(column, (removed.get(column) ?? 0) + count);
  if (removed.size === 0) return [];
  const count = [...removed.values()].reduce((sum, each) => sum + each, 0);
  const samples = [...removed].map(([column, values]) => `${column}: ${values}`).slice(0, 20);
  return [{ code: 'CREDENTIAL_REMOVED', count, samples }];
}
