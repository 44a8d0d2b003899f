import { excerpt, rejectRecord, rejectText } from '../../rejectRow.js';
import { SourceError, type RowErrorCode } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';
import type { RecordBatch, RejectedRow, SourceRecord } from '../../sourceRecord.js';
import type { SourceDefinition } from '../catalogue/SourceDefinition.js';
import type { SourceNotes } from '../SourceNotes.js';
import { findTable, isFooter, recordsToFindTable } from './findTable.js';
import { nameColumns } from './nameColumns.js';
import { projectTable, type TableProjection } from './projectTable.js';

export interface TableOptions {
  readonly definitions: readonly SourceDefinition[];
  readonly notes: SourceNotes;
}

interface HeldRecord {
  readonly cells: string[];
  readonly line: number;
}

/** Finds the table in the records of a file or sheet, and makes batches of its rows. */
export class TableReader {
  checkCharacters = false;
  guarded = false;
  /** Whether cells at a row's end are left out when they are empty, as sheets do: then a row cannot be too short. */
  sparse = false;
  private columns: string[] | null = null;
  private header: readonly string[] | null = null;
  /** The first records, until there are enough of them to find the table. */
  private held: HeldRecord[] | null = [];
  private records: SourceRecord[] = [];
  private rejected: RejectedRow[] = [];
  private rows = 0;

  private projection: TableProjection | null = null;
  private readonly notes: SourceNotes;

  constructor(private readonly options: TableOptions) {
    this.notes = options.notes;
  }

  record(cells: string[], line: number): void {
    if (this.guarded) for (let index = 0; index < cells.length; index += 1) cells[index] = withoutGuard(cells[index]!);
    if (this.held !== null) {
      if (isBlank(cells)) return;
      this.held.push({ cells, line });
      if (this.held.length >= recordsToFindTable) this.findTable();
      return;
    }
    this.row(cells, line);
  }

  private row(cells: string[], line: number): void {
    const columns = this.columns!;
    const width = columns.length;
    if (cells.length !== width) {
      if (isBlank(cells)) return;
      while (cells.length > width && cells[cells.length - 1]!.trim() === '') cells.pop();
    } else if (cells[0] === '' && isBlank(cells)) return;
    if (this.header !== null && isRepeatedHeader(cells, this.header)) return this.notes.add('REPEATED_HEADER', line);
    if (isFooterCandidate(cells, width) && isFooter(cells, width)) return this.notes.add('FOOTER', line);
    if (this.sparse) while (cells.length < width) cells.push('');
    if (cells.length > width || (cells.length === 1 && width > 2)) {
      this.reject(
        rejectRecord(
          { line, values: cells },
          columns,
          'RAGGED_ROW',
          `Line ${line} has ${cells.length} cells, the header has ${width}. Quote cells that contain the delimiter.`,
        ),
      );
      return;
    }
    if (cells.length < width) this.notes.add('SHORT_ROW', line);
    const record = { line, values: this.projection?.project(cells) ?? cells };
    if (this.checkCharacters && cells.some(isUnstorable)) {
      this.reject(
        rejectRecord(
          record,
          columns,
          'BROKEN_ENCODING',
          `Line ${line} holds bytes that are not text in the file's encoding. Save the file as UTF-8.`,
        ),
      );
      return;
    }
    this.rows += 1;
    this.records.push(record);
  }

  broken(code: RowErrorCode, message: string, line: number, text: string): void {
    if (this.held !== null) this.findTable();
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
    if (this.held !== null) this.findTable();
    if (this.columns === null)
      throw new SourceError('EMPTY_SOURCE', 'The source is empty. Upload a table with a header line and rows.');
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
      yield { columns: this.names, known: this.projection?.known ?? null, records, rejected, bytesRead };
    }
  }

  takeRest(bytesRead: number): RecordBatch {
    const { records, rejected } = this;
    this.records = [];
    this.rejected = [];
    return { columns: this.names, known: this.projection?.known ?? null, records, rejected, bytesRead };
  }

  private get names(): readonly string[] {
    return this.projection?.names ?? this.columns ?? [];
  }

  private reject(row: RejectedRow): void {
    this.rows += 1;
    this.rejected.push(row);
  }

  private findTable(): void {
    const held = this.held!;
    this.held = null;
    if (held.length === 0) return;
    const { preamble, header, width } = findTable(held.map(({ cells }) => cells));
    for (const { line } of held.slice(0, preamble)) this.notes.add('PREAMBLE', line);
    if (header === null) this.notes.add('NO_HEADER', held[preamble]!.line);
    const top = header ?? Array.from({ length: width }, () => '');
    this.assertHeader(top, held[preamble]!.line);
    this.header = header;
    this.columns = nameColumns(top);
    const rows = held.slice(header === null ? preamble : preamble + 1);
    this.projection = projectTable(
      this.columns,
      rows.map(({ cells }) => cells),
      this.options.definitions,
    );
    for (const { cells, line } of rows) this.row(cells, line);
  }

  private assertHeader(cells: readonly string[], line: number): void {
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
  }
}

/** Files that were joined repeat their header. Its first cell is looked at first, since nearly all rows differ in it. */
function isRepeatedHeader(cells: readonly string[], header: readonly string[]): boolean {
  return (
    cells[0] === header[0] && cells.length === header.length && cells.every((cell, index) => cell === header[index])
  );
}

/** What is cheap to ask of every row: a footer leaves cells out, or leaves them empty. */
function isFooterCandidate(cells: readonly string[], width: number): boolean {
  return cells.length < width || (width > 1 && cells[1] === '') || width === 1;
}

/** `="00123"` and `'00123` are how spreadsheets are told to leave a text as it is. */
function withoutGuard(cell: string): string {
  const first = cell.charCodeAt(0);
  if (first === 0x3d) return /^="(.*)"$/s.exec(cell)?.[1]?.replaceAll('""', '"') ?? cell;
  return first === 0x27 && cell.length > 1 && !cell.endsWith("'") ? cell.slice(1) : cell;
}

function isBlank(cells: readonly string[]): boolean {
  return cells.every((cell) => cell === '' || cell.trim() === '');
}

/** PostgreSQL stores neither NUL nor half a surrogate pair, and U+FFFD stands for bytes that are lost. */
function isUnstorable(cell: string): boolean {
  return cell.includes('\uFFFD') || cell.includes('\0') || !cell.isWellFormed();
}
