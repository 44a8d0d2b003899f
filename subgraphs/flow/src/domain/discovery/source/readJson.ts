import { rejectRecord, rejectText } from '../rejectRow.js';
import { SourceError, type RowErrorCode } from '../sourceErrors.js';
import { sourceLimits } from '../sourceLimits.js';
import type { RecordBatch, RejectedRow, SourceRecord } from '../sourceRecord.js';
import { ColumnTree } from './ColumnTree.js';
import type { TextChunk } from './decodeBytes.js';
import { flattenRecord } from './flattenRecord.js';
import { JsonLinesParser } from './JsonLinesParser.js';
import { JsonListParser } from './JsonListParser.js';
import { sniffJsonLayout } from './sniffJsonLayout.js';

/** Reads JSON text of any of the layouts of `sniffJsonLayout` into batches, one record in memory at a time. */
export async function* readJson(text: AsyncIterable<TextChunk>, batchRecords: number): AsyncGenerator<RecordBatch> {
  const reader = new JsonReader();
  let head = '';
  let parser: JsonLinesParser | JsonListParser | null = null;
  let bytesRead = 0;
  let batchStart = 0;
  for await (const chunk of text) {
    bytesRead = chunk.bytesRead;
    if (parser === null) {
      head += chunk.text;
      if (head.length < sourceLimits.recordCharacters) continue;
      parser = startParser(reader, head, false);
      head = '';
    } else {
      parser.write(chunk.text);
    }
    yield* reader.takeFull(batchRecords, bytesRead);
    if (bytesRead - batchStart >= sourceLimits.batchBytes) {
      batchStart = bytesRead;
      yield reader.take(bytesRead, batchRecords);
    }
  }
  parser ??= startParser(reader, head, true);
  parser.end();
  reader.assertComplete();
  yield* reader.takeFull(batchRecords, bytesRead);
  yield reader.take(bytesRead, batchRecords);
}

function startParser(reader: JsonReader, head: string, complete: boolean): JsonLinesParser | JsonListParser {
  const layout = sniffJsonLayout(head, complete);
  const parser = layout.kind === 'lines' ? new JsonLinesParser(reader) : new JsonListParser(layout, reader);
  if (layout.kind === 'table') reader.expectTable();
  parser.write(head);
  return parser;
}

const brokenCharacter = /[\0\uFFFD]|\\u0000|\\u[dD][89a-fA-F]/;

class JsonReader {
  private readonly tree = new ColumnTree();
  private records: SourceRecord[] = [];
  private rejected: RejectedRow[] = [];
  private rows = 0;
  private tableColumns: string[] | null = null;
  private isTable = false;

  expectTable(): void {
    this.isTable = true;
  }

  record(text: string, line?: number): void {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/,? ?"[^]*/, '') : 'it cannot be parsed';
      this.rejectText('INVALID_JSON', `The record is not valid JSON: ${reason}. Export it again.`, text, line);
      return;
    }
    if ((brokenCharacter.test(text) || !text.isWellFormed()) && holdsBrokenText(value)) {
      this.rejectText(
        'BROKEN_ENCODING',
        'The record holds bytes or characters that cannot be stored as text. Save the file as UTF-8.',
        text,
        line,
      );
      return;
    }
    if (this.isTable) value = this.fromTableRow(value);
    const instances = nestedInstances(value);
    if (instances !== null) {
      for (const instance of instances) this.add(instance, text);
      return;
    }
    this.add(value, text, line);
  }

  tooLong(text: string, line?: number): void {
    this.rejectText(
      'LINE_TOO_LONG',
      `The record is longer than ${sourceLimits.recordCharacters} characters. Drop its long field.`,
      text,
      line,
    );
  }

  scalar(text: string, line?: number): void {
    this.rejectText('NOT_AN_OBJECT', 'The record is a bare value, not an object with named fields.', text, line);
  }

  columns(text: string): void {
    let columns: unknown;
    try {
      columns = JSON.parse(text);
    } catch {
      columns = null;
    }
    const names = Array.isArray(columns) ? columns.map(columnName) : [];
    if (names.length === 0 || names.includes(null)) {
      throw new SourceError(
        'WRONG_FORMAT',
        'The columns of the JSON table have no names. Export a list of objects instead.',
      );
    }
    if (names.length > sourceLimits.columns) {
      throw new SourceError(
        'TOO_MANY_COLUMNS',
        `The table has ${names.length} columns; at most ${sourceLimits.columns} can be read. Export fewer.`,
      );
    }
    this.tableColumns = names as string[];
  }

  assertComplete(): void {
    if (this.rows === 0)
      throw new SourceError('EMPTY_SOURCE', 'The JSON holds no records. Upload a list with at least one object.');
  }

  *takeFull(size: number, bytesRead: number): Generator<RecordBatch> {
    while (this.records.length >= size || this.rejected.length >= size) yield this.take(bytesRead, size);
  }

  take(bytesRead: number, size: number): RecordBatch {
    const records = this.records.length > size ? this.records.splice(0, size) : this.records;
    if (records === this.records) this.records = [];
    const rejected = this.rejected;
    this.rejected = [];
    return { columns: this.tree.names, records, rejected, bytesRead };
  }

  private add(value: unknown, text: string, line?: number): void {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.scalar(text, line);
      return;
    }
    const flat = flattenRecord(value, this.tree);
    if (flat === 'TOO_MANY_COLUMNS') {
      this.rejectText(flat, `The record has more than ${sourceLimits.columns} fields. Export fewer.`, text, line);
      return;
    }
    if (flat === 'TOO_DEEP') {
      const levels = sourceLimits.jsonDepth + sourceLimits.jsonNesting;
      this.rejectText(flat, `The record is nested more than ${levels} levels deep. Export it flatter.`, text, line);
      return;
    }
    this.rows += 1;
    const record = { line: line ?? this.rows, ...flat };
    if (flat.values.length === 0 && flat.overflow === undefined) {
      this.rejected.push(rejectRecord(record, this.tree.names, 'MISSING_NAME', `Record ${record.line} is empty.`));
      return;
    }
    this.records.push(record);
  }

  private rejectText(code: RowErrorCode, message: string, text: string, line?: number): void {
    this.rows += 1;
    this.rejected.push(rejectText(line ?? this.rows, code, message, text));
  }

  private fromTableRow(value: unknown): unknown {
    const columns = this.tableColumns;
    if (!Array.isArray(value) || columns === null) return value;
    const fields = Object.create(null) as Record<string, unknown>;
    columns.forEach((name, index) => {
      fields[name] = value[index] as unknown;
    });
    return fields;
  }
}

function columnName(column: unknown): string | null {
  if (typeof column === 'string') return column;
  if (typeof column !== 'object' || column === null) return null;
  const { name } = column as { name?: unknown };
  return typeof name === 'string' ? name : null;
}

/** DescribeInstances answers reservations, each with its instances: the instances are the records. */
function nestedInstances(value: unknown): readonly unknown[] | null {
  if (
    typeof value !== 'object' ||
    value === null ||
    !('Instances' in value) ||
    !('ReservationId' in value || 'Groups' in value)
  )
    return null;
  return Array.isArray(value.Instances) ? (value.Instances as unknown[]) : null;
}

/** PostgreSQL stores neither NUL nor half a surrogate pair, in text or in jsonb. */
function holdsBrokenText(value: unknown, levels: number = sourceLimits.jsonDepth + sourceLimits.jsonNesting): boolean {
  if (typeof value === 'string') return value.includes('\0') || value.includes('\uFFFD') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null || levels < 0) return false;
  return Object.entries(value).some(([key, inner]) => holdsBrokenText(key) || holdsBrokenText(inner, levels - 1));
}
