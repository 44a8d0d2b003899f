import { excerpt, rejectRecord, rejectText } from '../../rejectRow.js';
import { SourceError, type RowErrorCode } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';
import type { RecordBatch, RejectedRow, SourceRecord } from '../../sourceRecord.js';
import { ColumnTree } from './ColumnTree.js';
import type { TextChunk } from '../encoding/decodeBytes.js';
import { flattenRecord } from './flattenRecord.js';
import { JsonLinesParser } from './JsonLinesParser.js';
import { JsonListParser } from './JsonListParser.js';
import { isLeftOut } from '../catalogue/projectRecord.js';
import { rootOf, type PathNode } from '../catalogue/PathExpression.js';
import { nestedInstances } from './findRecords.js';
import { isObject } from './jsonValue.js';
import { NotJson, parseDocuments, parseRecord } from './parseLoose.js';
import { projectionOfRecords, readTree, type TreeOptions, type TreeProjection } from './readTree.js';
import { sniffJsonLayout } from './sniffJsonLayout.js';

/**
 * Reads JSON text of any layout into batches. A document that is short enough is looked at whole, so that its records are found wherever
 * they are; of a longer one, and of one with a fault in it, one record is in memory at a time.
 */
export async function* readJson(
  text: AsyncIterable<TextChunk>,
  batchRecords: number,
  options: TreeOptions,
): AsyncGenerator<RecordBatch> {
  const reader = new JsonReader(options);
  let head = '';
  let parser: JsonLinesParser | JsonListParser | null = null;
  let bytesRead = 0;
  let batchStart = 0;
  for await (const chunk of text) {
    bytesRead = chunk.bytesRead;
    if (parser === null) {
      head += chunk.text;
      if (head.length < sourceLimits.wholeDocument) continue;
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
  if (parser === null && reader.whole(head)) {
    reader.assertComplete();
    yield* reader.takeFull(batchRecords, bytesRead);
    yield reader.take(bytesRead, batchRecords);
    return;
  }
  parser ??= startParser(reader, head, true);
  parser.end();
  reader.finish();
  reader.assertComplete();
  yield* reader.takeFull(batchRecords, bytesRead);
  yield reader.take(bytesRead, batchRecords);
}

/** Reads documents that were parsed whole, of any language that has objects and lists. `text` is what they were parsed from. */
export function* readDocuments(
  documents: readonly unknown[],
  text: string,
  batchRecords: number,
  bytesRead: number,
  options: TreeOptions,
): Generator<RecordBatch> {
  const reader = new JsonReader(options);
  if (!reader.documents(documents, text))
    throw new SourceError('WRONG_FORMAT', 'The source holds no records with named fields. Upload a list of objects.');
  reader.assertComplete();
  yield* reader.takeFull(batchRecords, bytesRead);
  yield reader.take(bytesRead, batchRecords);
}

function startParser(reader: JsonReader, head: string, complete: boolean): JsonLinesParser | JsonListParser {
  const sample = complete ? head : head.slice(0, sourceLimits.recordCharacters);
  const layout = sniffJsonLayout(sample, complete);
  const parser = layout.kind === 'lines' ? new JsonLinesParser(reader) : new JsonListParser(layout, reader);
  if (layout.kind === 'table') reader.expectTable();
  parser.write(head);
  return parser;
}

const recordsToRecognise = 20;
const notAnObject = 'The record is a bare value, not an object with named fields.';

interface HeldRecord {
  readonly value: unknown;
  readonly text: string;
  readonly line: number;
}

/** JSON lines, whose line numbers tell where a record is. */
function looksLikeLines(text: string): boolean {
  const lines = text.split('\n', 3).filter((line) => line.trim() !== '');
  return lines.length > 1 && lines.every((line) => /^\s*\{.*\}\s*$/.test(line)) && isWhole(lines[0]!);
}

function isWhole(line: string): boolean {
  try {
    return isObject(JSON.parse(line));
  } catch {
    return false;
  }
}

/** `columns` and `rows` side by side, as Azure Resource Graph answers: read row by row. */
function isTableDocument(document: unknown, depth = 0): boolean {
  if (!isObject(document) || depth > 2) return false;
  if (Array.isArray(document['columns']) && Array.isArray(document['rows'])) return true;
  return Object.values(document).some((inner) => isTableDocument(inner, depth + 1));
}

const brokenCharacter = /[\0\uFFFD]|\\u0000|\\u[dD][89a-fA-F]/;

class JsonReader {
  private readonly tree = new ColumnTree();
  private records: SourceRecord[] = [];
  private rejected: RejectedRow[] = [];
  private rows = 0;
  private tableColumns: string[] | null = null;
  private isTable = false;
  /** The first records, until there are enough of them to recognise the source. */
  private held: HeldRecord[] | null = [];

  constructor(private readonly options: TreeOptions) {}

  /** Reads a whole text at once; false when its records have to be cut out of it one by one. */
  whole(text: string): boolean {
    if (text.trim() === '' || looksLikeLines(text)) return false;
    try {
      return this.documents(parseDocuments(text), text);
    } catch (error) {
      if (error instanceof NotJson) return false;
      throw error;
    }
  }

  /** Takes parsed documents; false when there is nothing in them that has fields. `text` is what they were parsed from. */
  documents(documents: readonly unknown[], text: string): boolean {
    if (!documents.some((document) => typeof document === 'object' && document !== null)) return false;
    if (documents.some((document) => isTableDocument(document))) return false;
    const tree = readTree(documents, this.options);
    this.begin(tree.projection);
    const mayBeBroken = brokenCharacter.test(text) || !text.isWellFormed();
    for (const record of tree.records) {
      const shown = (): string => JSON.stringify(record.value) ?? 'null';
      if (mayBeBroken && holdsBrokenText(record.value)) this.rejectBroken(shown());
      else this.add(record, shown, this.numberOf(undefined));
    }
    return true;
  }

  /** No more records come. */
  finish(): void {
    this.recognise();
  }

  expectTable(): void {
    this.isTable = true;
  }

  record(text: string, line?: number): void {
    let value: unknown;
    try {
      value = parseRecord(text);
    } catch (error) {
      const reason = error instanceof Error ? error.message.replace(/,? ?"[^]*/, '') : 'it cannot be parsed';
      this.rejectText('INVALID_JSON', `The record is not valid JSON: ${reason}. Export it again.`, text, line);
      return;
    }
    if ((brokenCharacter.test(text) || !text.isWellFormed()) && holdsBrokenText(value)) {
      this.rejectBroken(text, line);
      return;
    }
    if (this.isTable) value = this.fromTableRow(value);
    const instances = nestedInstances(value);
    if (instances !== null) {
      for (const instance of instances) this.hold(instance, text);
      return;
    }
    this.hold(value, text, line);
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
    this.rejectText('NOT_AN_OBJECT', notAnObject, text, line);
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
    return { columns: this.tree.names, known: this.projection?.known ?? null, records, rejected, bytesRead };
  }

  private projection: TreeProjection | null = null;

  /** Numbers a record when it is met, so that those which are held back keep their place among rejected ones. */
  private numberOf(line: number | undefined): number {
    this.rows += 1;
    return line ?? this.rows;
  }

  private hold(value: unknown, text: string, given?: number): void {
    const line = this.numberOf(given);
    if (this.held === null) return this.addParsed(value, text, line);
    this.held.push({ value, text, line });
    if (this.held.length >= recordsToRecognise) this.recognise();
  }

  private recognise(): void {
    const held = this.held;
    if (held === null) return;
    this.begin(
      projectionOfRecords(
        held.map(({ value }) => value),
        this.options,
      ),
    );
    for (const { value, text, line } of held) this.addParsed(value, text, line);
  }

  private begin(projection: TreeProjection | null): void {
    this.held = null;
    this.projection = projection;
    for (const { name } of projection?.columns ?? []) this.tree.reserve(name);
  }

  private addParsed(value: unknown, text: string, line: number): void {
    this.add(rootOf(value), () => text, line);
  }

  private add(node: PathNode, textOf: () => string, line: number): void {
    const { value } = node;
    if (!isObject(value)) {
      this.rejectNumbered('NOT_AN_OBJECT', notAnObject, excerpt(textOf()), line);
      return;
    }
    if (this.projection !== null && isLeftOut(node, this.projection.definition.leaveOut)) return;
    const flat = flattenRecord(value, this.tree, this.projection?.skipped);
    if (typeof flat === 'string') {
      this.tooMuch(flat, excerpt(textOf()), line);
      return;
    }
    this.projection?.columns.forEach(({ read }, index) => {
      const projected = read(node);
      if (projected !== null && projected !== undefined) flat.values[index] = projected;
    });
    const record = { line, ...flat };
    if (flat.values.length === 0 && flat.overflow === undefined) {
      this.rejected.push(rejectRecord(record, this.tree.names, 'MISSING_NAME', `Record ${record.line} is empty.`));
      return;
    }
    this.records.push(record);
  }

  private tooMuch(flat: 'TOO_MANY_COLUMNS' | 'TOO_DEEP', text: string, line: number): void {
    if (flat === 'TOO_MANY_COLUMNS') {
      this.rejectNumbered(flat, `The record has more than ${sourceLimits.columns} fields. Export fewer.`, text, line);
      return;
    }
    const levels = sourceLimits.jsonDepth + sourceLimits.jsonNesting;
    this.rejectNumbered(flat, `The record is nested more than ${levels} levels deep. Export it flatter.`, text, line);
  }

  private rejectText(code: RowErrorCode, message: string, text: string, line?: number): void {
    this.rejectNumbered(code, message, text, this.numberOf(line));
  }

  private rejectNumbered(code: RowErrorCode, message: string, text: string, line: number): void {
    this.rejected.push(rejectText(line, code, message, text));
  }

  private rejectBroken(text: string, line?: number): void {
    this.rejectText(
      'BROKEN_ENCODING',
      'The record holds bytes or characters that cannot be stored as text. Save the file as UTF-8.',
      text,
      line,
    );
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

/** PostgreSQL stores neither NUL nor half a surrogate pair, in text or in jsonb. */
function holdsBrokenText(value: unknown, levels: number = sourceLimits.jsonDepth + sourceLimits.jsonNesting): boolean {
  if (typeof value === 'string') return value.includes('\0') || value.includes('\uFFFD') || !value.isWellFormed();
  if (typeof value !== 'object' || value === null || levels < 0) return false;
  return Object.entries(value).some(([key, inner]) => holdsBrokenText(key) || holdsBrokenText(inner, levels - 1));
}
