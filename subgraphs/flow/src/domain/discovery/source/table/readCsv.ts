import { SourceError } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';
import type { RecordBatch } from '../../sourceRecord.js';
import type { TextChunk } from '../encoding/decodeBytes.js';
import { CsvParser } from './CsvParser.js';
import { findDialect } from './findDialect.js';
import { findFixedWidth } from './findFixedWidth.js';
import { FixedWidthParser } from './FixedWidthParser.js';
import { TableReader, type TableOptions } from './TableReader.js';

/** Reads CSV text into batches, from where its table begins. Throws SourceError for what no row can be read from. */
export async function* readCsv(
  text: AsyncIterable<TextChunk>,
  batchRecords: number,
  options: TableOptions,
): AsyncGenerator<RecordBatch> {
  const reader = new TableReader(options);
  let head = '';
  let parser: CsvParser | FixedWidthParser | null = null;
  let bytesRead = 0;
  let batchStart = 0;
  for await (const chunk of text) {
    bytesRead = chunk.bytesRead;
    if (chunk.suspicious) reader.checkCharacters = true;
    if (parser === null) {
      head += chunk.text;
      if (head.length < sourceLimits.sampleCharacters) continue;
      parser = startParser(reader, head, false);
    } else {
      parser.write(chunk.text);
    }
    yield* reader.takeFull(batchRecords, bytesRead);
    if (bytesRead - batchStart >= sourceLimits.batchBytes) {
      batchStart = bytesRead;
      yield reader.takeRest(bytesRead);
    }
  }
  if (parser === null) parser = startParser(reader, head, true);
  parser.end();
  reader.assertComplete();
  yield* reader.takeFull(batchRecords, bytesRead);
  yield reader.takeRest(bytesRead);
}

/** Below this, lines are not divided by the delimiter that divides them best, and columns that blanks make are looked for. */
const steadyEnough = 0.8;

function startParser(reader: TableReader, head: string, complete: boolean): CsvParser | FixedWidthParser {
  const sample = head.slice(0, sourceLimits.sampleCharacters);
  refuseOtherFormats(sample);
  const { skip, steadiness, ...dialect } = findDialect(sample, complete);
  const layout = steadiness < steadyEnough ? findFixedWidth(sample, complete && head.length === sample.length) : null;
  if (layout !== null) {
    const parser = new FixedWidthParser(layout, reader);
    parser.write(head);
    return parser;
  }
  reader.guarded = dialect.guarded;
  const parser = new CsvParser(dialect, reader);
  if (skip > 0) parser.write(`${dialect.newline}`);
  parser.write(head.slice(skip));
  return parser;
}

function refuseOtherFormats(sample: string): void {
  const start = sample.trimStart();
  if (start === '' && sample.length < sourceLimits.sampleCharacters) {
    throw new SourceError('EMPTY_SOURCE', 'The source is empty. Upload a CSV file with a header line and rows.');
  }
  if (/^(\{\s*"|\{\s*\}|\[\s*[[{"\]])/.test(start)) {
    throw new SourceError(
      'WRONG_FORMAT',
      'The source was declared as CSV but holds JSON. Start the flow again with format JSON.',
    );
  }
  if (/^<(\?xml|!doctype|html|[a-z]+[\s>])/i.test(start)) {
    throw new SourceError('WRONG_FORMAT', 'The source was declared as CSV but holds XML or HTML. Export it as CSV.');
  }
}
