import { sourceLimits } from './sourceLimits.js';
import type { RowErrorCode } from './sourceErrors.js';
import type { RejectedRow, SourceRecord, SourceValue } from './sourceRecord.js';

const unstorable = /\0/g;
/** Messages quote the source, so they are bounded and made storable like it. */
const messageLimit = 500;

/** Text that any database takes, of bounded length. */
export function excerpt(text: string, length: number = sourceLimits.rawCharacters): string {
  const cut = text.length > length ? `${text.slice(0, length)}…` : text;
  return cut.toWellFormed().replace(unstorable, '\uFFFD');
}

export function rejectText(line: number, code: RowErrorCode, message: string, text: string): RejectedRow {
  return { line, code, message: excerpt(message, messageLimit), raw: { text: excerpt(text) } };
}

export function rejectRecord(
  record: SourceRecord,
  columns: readonly string[],
  code: RowErrorCode,
  message: string,
): RejectedRow {
  const raw = Object.create(null) as Record<string, string>;
  let kept = 0;
  for (let index = 0; index < record.values.length && kept < sourceLimits.rawCells; index += 1) {
    const text = textOf(record.values[index]);
    if (text === '') continue;
    raw[excerpt(columns[index] ?? `column ${index + 1}`)] = excerpt(text);
    kept += 1;
  }
  return { line: record.line, code, message: excerpt(message, messageLimit), raw: { ...raw } };
}

/** A cell as trimmed text; empty when there is nothing. */
export function textOf(value: SourceValue): string {
  if (typeof value === 'string') return value.trim();
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? value.join(', ') : String(value);
}
