import type { SourceFormat } from '@tributary/contracts/values';
import { sourceLimits } from '../sourceLimits.js';
import type { RecordBatch } from '../sourceRecord.js';
import type { EncodingDecision } from './encoding/chooseEncoding.js';
import { decodeBytes, type TextChunk } from './encoding/decodeBytes.js';
import { findFormat } from './findFormat.js';
import { readJson } from './json/readJson.js';
import type { TreeOptions } from './json/readTree.js';
import type { KnownFormat, SourcePart } from './SourcePart.js';
import { readCsv } from './table/readCsv.js';
import { readXml } from './tree/readXml.js';
import { readYaml } from './tree/readYaml.js';

interface TextPart {
  readonly name: string;
  readonly bytes: () => AsyncIterable<Buffer>;
  readonly packedBytes: number;
  /** 0: not known; then `bytesRead` is what it says. */
  readonly unpackedBytes: number;
  readonly format: SourceFormat;
  readonly encoding: string | null;
  readonly onEncoding: (decision: EncodingDecision) => void;
  readonly onFormat: (format: KnownFormat) => void;
}

/** A workbook is no text. */
type TextFormat = Exclude<KnownFormat, 'XLSX'>;

const readers: Readonly<
  Record<
    TextFormat,
    (chunks: AsyncIterable<TextChunk>, batchRecords: number, options: TreeOptions) => AsyncGenerator<RecordBatch>
  >
> = {
  CSV: readCsv,
  JSON: readJson,
  YAML: readYaml,
  XML: readXml,
};

/** A text of any of the languages that sources are written in. */
export function textPart({ bytes, format, encoding, onEncoding, onFormat, ...facts }: TextPart): SourcePart {
  return {
    ...facts,
    format: format === 'AUTO' ? null : format,
    async *batches(batchRecords, options) {
      const { chunks, head } = await peekText(decodeBytes(bytes(), { encoding, onEncoding }));
      const found: TextFormat = format === 'AUTO' || format === 'XLSX' ? findFormat(head) : format;
      onFormat(found);
      yield* readers[found](chunks, batchRecords, options);
    },
  };
}

/** The beginning of a text, and the text from its beginning on. */
async function peekText(text: AsyncGenerator<TextChunk>): Promise<{ head: string; chunks: AsyncIterable<TextChunk> }> {
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
