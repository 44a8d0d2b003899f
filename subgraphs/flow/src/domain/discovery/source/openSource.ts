import type { SourceFormat } from '@tributary/contracts/values';
import type { Readable } from 'node:stream';
import { sourceLimits } from '../sourceLimits.js';
import type { RecordBatch } from '../sourceRecord.js';
import { shippedDefinitions } from './catalogue/loadDefinitions.js';
import type { SourceDefinition } from './catalogue/SourceDefinition.js';
import { CredentialFilter } from './credentials/CredentialFilter.js';
import type { EncodingDecision } from './encoding/chooseEncoding.js';
import { decodeBytes, type TextChunk } from './encoding/decodeBytes.js';
import { findFormat } from './findFormat.js';
import { readJson } from './json/readJson.js';
import type { TreeOptions } from './json/readTree.js';
import { readXml } from './tree/readXml.js';
import { readYaml } from './tree/readYaml.js';
import { unpacked } from './unpacked.js';
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

type KnownFormat = Exclude<SourceFormat, 'AUTO'>;

const readers: Readonly<
  Record<
    KnownFormat,
    (chunks: AsyncIterable<TextChunk>, batchRecords: number, options: TreeOptions) => AsyncGenerator<RecordBatch>
  >
> = {
  CSV: readCsv,
  JSON: readJson,
  YAML: readYaml,
  XML: readXml,
};

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
   * JSON of up to 8 MB whole.
   * Leaving the loop early closes the stream. Throws SourceError for what is wrong with the source as a whole.
   */
  batches(options?: { readonly batchRecords?: number }): AsyncGenerator<RecordBatch>;
  /** Of the last reading, as far as it has come. */
  facts(): SourceFacts;
}

export function openSource(options: SourceOptions): Source {
  const { format, encoding = null, definitions = shippedDefinitions() } = options;
  let found: KnownFormat | null = format === 'AUTO' ? null : format;
  let decision: EncodingDecision | null = null;
  let notes = new SourceNotes();
  let credentials = new CredentialFilter();
  return {
    format,
    facts: () => ({ format: found ?? 'CSV', encoding: decision, notes: [...notes.all, ...removedNotes(credentials)] }),
    async *batches({ batchRecords = sourceLimits.batchRecords } = {}) {
      const stream = await options.open();
      notes = new SourceNotes();
      credentials = new CredentialFilter();
      try {
        const text = decodeBytes(unpacked(stream), { encoding, onEncoding: (found) => (decision = found) });
        const { chunks, head } = await peek(text);
        found = format === 'AUTO' ? findFormat(head) : format;
        const batches = readers[found](chunks, batchRecords, { definitions, notes });
        for await (const batch of batches) yield credentials.filter(batch);
      } finally {
        stream.destroy();
      }
    },
  };
}

function removedNotes({ removed }: CredentialFilter): SourceNote[] {
  if (removed.size === 0) return [];
  const count = [...removed.values()].reduce((sum, each) => sum + each, 0);
  const samples = [...removed].map(([column, values]) => `${column}: ${values}`).slice(0, 20);
  return [{ code: 'CREDENTIAL_REMOVED', count, samples }];
}

/** The beginning of a text, and the text from its beginning on. */
async function peek(text: AsyncGenerator<TextChunk>): Promise<{ head: string; chunks: AsyncIterable<TextChunk> }> {
  const held: TextChunk[] = [];
  let head = '';
  while (head.trim().length < sourceLimits.formatCharacters) {
    const next = await text.next();
    if (next.done === true) break;
    held.push(next.value);
    head += next.value.text;
  }
  async function* chunks(): AsyncGenerator<TextChunk> {
    yield* held;
    yield* text;
  }
  return { head, chunks: chunks() };
}
