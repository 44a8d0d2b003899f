import { parseAllDocuments } from 'yaml';
import { excerpt } from '../../rejectRow.js';
import { SourceError } from '../../sourceErrors.js';
import type { RecordBatch } from '../../sourceRecord.js';
import type { TextChunk } from '../encoding/decodeBytes.js';
import { readDocuments } from '../json/readJson.js';
import type { TreeOptions } from '../json/readTree.js';
import { wholeText } from './wholeText.js';

/** Aliases that a document may use: more of them are a bomb. */
const maxAliases = 100;

/** Reads one YAML document or several, each behind `---`. */
export async function* readYaml(
  chunks: AsyncIterable<TextChunk>,
  batchRecords: number,
  options: TreeOptions,
): AsyncGenerator<RecordBatch> {
  const { text, bytesRead } = await wholeText(chunks, 'YAML');
  const parsed = parseAllDocuments(text, { intAsBigInt: true, logLevel: 'silent' });
  const broken = parsed.flatMap(({ errors }) => errors)[0];
  if (broken !== undefined)
    throw new SourceError(
      'WRONG_FORMAT',
      `The source is not well-formed YAML: ${excerpt(broken.message)} Export it again.`,
    );
  let documents: unknown[];
  try {
    documents = parsed.map((document) => withPlainNumbers(document.toJS({ maxAliasCount: maxAliases })));
  } catch (error) {
    throw new SourceError('WRONG_FORMAT', `The YAML cannot be read: ${excerpt((error as Error).message)}`);
  }
  const lists = documents.filter((document) => document !== null);
  yield* readDocuments(lists, text, batchRecords, bytesRead, options);
}

/** Whole numbers beyond 2^53 stay text, digit by digit. */
function withPlainNumbers(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(withPlainNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withPlainNumbers(inner)]));
}
