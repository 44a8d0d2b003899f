import { excerpt, rejectRecord, rejectText } from '../rejectRow.js';
import { SourceError } from '../sourceErrors.js';
import { sourceLimits } from '../sourceLimits.js';
import type { RecordBatch, RejectedRow, SourceRecord } from '../sourceRecord.js';
import { CsvParser } from './CsvParser.js';
import type { TextChunk } from './decodeBytes.js';
import { nameColumns } from './nameColumns.js';
import { sniffDialect } from './sniffDialect.js';

/** Reads CSV text into batches. The first record is the header. Throws SourceError for what no row can be read from. */
export async function* readCsv(text: AsyncIterable<TextChunk>, batchRecords: number): AsyncGenerator<RecordBatch> {
  const reader = new CsvReader();
  let head = '';
  let parser: CsvParser | null = null;
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

function startParser(reader: CsvReader, head: string, complete: boolean): CsvParser {
  const sample = head.slice(0, sourceLimits.sampleCharacters);
  refuseOtherFormats(sample);
  const { skip, ...dialect } = sniffDialect(sample, complete);
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

class CsvReader {
  checkCharacters = false;
  private columns: string[] | null = null;
  private records: SourceRecord[] = [];
  private rejected: RejectedRow[] = [];
  private rows = 0;

  record(cells: string[], line: number): void {
    if (this.columns === null) {
      this.readHeader(cells, line);
      return;
    }
    const width = this.columns.length;
    if (cells.length !== width) {
      if (isBlank(cells)) return;
      while (cells.length > width && cells[cells.length - 1] === '') cells.pop();
      if (cells.length !== width) {
        this.reject(
          rejectRecord(
            { line, values: cells },
            this.columns,
            'RAGGED_ROW',
            `Line ${line} has ${cells.length} cells, the header has ${width}. Quote cells that contain the delimiter.`,
          ),
        );
        return;
      }
    } else if (cells[0] === '' && isBlank(cells)) return;
    const record = { line, values: cells };
    if (this.checkCharacters && cells.some(isUnstorable)) {
      this.reject(
        rejectRecord(
          record,
          this.columns,
          'BROKEN_ENCODING',
          `Line ${line} holds bytes that are not text in the file's encoding. Save the file as UTF-8.`,
        ),
      );
      return;
    }
    this.rows += 1;
    this.records.push(record);
  }

  broken(code: 'LINE_TOO_LONG' | 'BROKEN_QUOTE', message: string, line: number, text: string): void {
    if (this.columns === null) {
      if (code === 'LINE_TOO_LONG')
        throw new SourceError(
          'LINE_TOO_LONG',
          `The header line is longer than ${sourceLimits.recordCharacters} characters. Check that the file has line breaks and is CSV.`,
        );
      throw new SourceError(
        'WRONG_FORMAT',
        `The header line has a quote that is not closed. Export the file again as CSV.`,
      );
    }
    this.reject(rejectText(line, code, message, text));
  }

  /** Throws when the source had no header or no row. */
  assertComplete(): void {
    if (this.columns === null)
      throw new SourceError('EMPTY_SOURCE', 'The source is empty. Upload a CSV file with a header line and rows.');
    if (this.rows === 0) {
      throw new SourceError(
        'HEADER_ONLY',
        'The source has a header line and no row below it. Upload a file with at least one row.',
      );
    }
  }

  *takeFull(size: number, bytesRead: number): Generator<RecordBatch> {
    while (this.records.length >= size || this.rejected.length >= size) {
      // After a stretch behind an open quote there can be a million rejected rows at once.
      const [records, rejected] = [this.records.splice(0, size), this.rejected.splice(0, size)];
      yield { columns: this.columns ?? [], records, rejected, bytesRead };
    }
  }

  takeRest(bytesRead: number): RecordBatch {
    const { records, rejected } = this;
    this.records = [];
    this.rejected = [];
    return { columns: this.columns ?? [], records, rejected, bytesRead };
  }

  private reject(row: RejectedRow): void {
    this.rows += 1;
    this.rejected.push(row);
  }

  private readHeader(cells: string[], line: number): void {
    if (isBlank(cells)) return;
    while (cells.length > 1 && cells[cells.length - 1]!.trim() === '') cells.pop();
    if (cells.length > sourceLimits.columns) {
      throw new SourceError(
        'TOO_MANY_COLUMNS',
        `The header has ${cells.length} columns; at most ${sourceLimits.columns} can be read. Export fewer columns, or check the delimiter.`,
      );
    }
    if (this.checkCharacters && cells.some(isUnstorable)) {
      throw new SourceError(
        'WRONG_FORMAT',
        `The header on line ${line} holds bytes that are not text: ${excerpt(cells.join(', '))}. Save the file as UTF-8.`,
      );
    }
    this.columns = nameColumns(cells);
  }
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '' || cell.trim() === '');
}

/** PostgreSQL stores neither NUL nor half a surrogate pair, and U+FFFD stands for bytes that are lost. */
function isUnstorable(cell: string): boolean {
  return cell.includes('\uFFFD') || cell.includes('\0') || !cell.isWellFormed();
}
