import { SourceError, type RowErrorCode } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';

export interface CsvDialect {
  readonly delimiter: string;
  /** `\r` only for files of the old Mac kind that hold no `\n` at all. */
  readonly newline: '\n' | '\r';
  /** What cells are wrapped in that hold delimiters or line ends. */
  readonly quote: '"' | "'";
  /** What stands before a quote inside a quoted cell, where quotes are not doubled. */
  readonly escape: '\\' | null;
  /** Whether cells may be wrapped as `="00123"` or begin with a single apostrophe, so that a spreadsheet leaves them as text. */
  readonly guarded: boolean;
}

export interface CsvSink {
  record(cells: string[], line: number): void;
  /** A line that could not be split into cells; `text` is its beginning. */
  broken(code: RowErrorCode, message: string, line: number, text: string): void;
}

/**
 * Splits CSV text into records: push text in pieces, then `end()`. RFC 4180 with newlines in quoted cells, and more: blanks before a
 * quote, quotes escaped by a backslash, spreadsheet guards. A quote inside an unquoted cell is a character like any other, and so is one
 * inside a quoted cell that no delimiter follows (an inch mark). Blank lines are skipped.
 *
 * A line over the limit, or a quote that never closes, costs that one line: reading goes on at the next. Lines without a
 * quote (nearly all) are cut by indexOf alone, which is what makes it fast enough to be read three times in a flow.
 */
export class CsvParser {
  private pending = '';
  private line = 1;
  private skippingLine = false;
  private brokenQuotes = 0;
  /** From `searchedFrom` on, the first delimiter of the buffer is at `delimiterAt`. */
  private searchedFrom = 0;
  private delimiterAt = -1;
  private readonly delimiter: string;
  private readonly newline: string;
  private readonly quote: string;
  private readonly quoteCode: number;

  constructor(
    private readonly dialect: CsvDialect,
    private readonly sink: CsvSink,
  ) {
    this.delimiter = dialect.delimiter;
    this.newline = dialect.newline;
    this.quote = dialect.quote;
    this.quoteCode = dialect.quote.charCodeAt(0);
  }

  write(text: string): void {
    this.parse(this.pending === '' ? text : this.pending + text, false);
  }

  end(): void {
    const rest = this.pending;
    this.pending = '';
    if (rest !== '') this.parse(rest, true);
  }

  private parse(buffer: string, final: boolean): void {
    let position = 0;
    this.delimiterAt = -1;
    let nextQuote = buffer.indexOf(this.quote);
    while (position < buffer.length) {
      let lineEnd = buffer.indexOf(this.newline, position);
      if (this.skippingLine) {
        this.pending = '';
        if (lineEnd === -1) return;
        this.skippingLine = false;
        this.line += 1;
        position = lineEnd + 1;
        continue;
      }
      if (nextQuote !== -1 && nextQuote < position) nextQuote = buffer.indexOf(this.quote, position);
      if (nextQuote === -1 || (lineEnd !== -1 && nextQuote > lineEnd)) {
        const length = (lineEnd === -1 ? buffer.length : lineEnd) - position;
        if (length > sourceLimits.recordCharacters) {
          this.rejectLongLine(buffer, position);
          this.skippingLine = true;
          position += length;
          continue;
        }
        if (lineEnd === -1) {
          if (!final) break;
          lineEnd = buffer.length;
        }
        this.plainLine(buffer, position, lineEnd);
        position = lineEnd + 1;
        continue;
      }
      const next = this.quotedRecord(buffer, position, final);
      if (next === needsMore && !final && buffer.length - position <= sourceLimits.recordCharacters) break;
      if (next === needsMore || next === isBroken) {
        this.rejectQuote(buffer, position, lineEnd === -1 ? buffer.length : lineEnd);
        if (lineEnd === -1) {
          this.skippingLine = true;
          position = buffer.length;
        } else {
          this.line += 1;
          position = lineEnd + 1;
        }
        continue;
      }
      position = next;
    }
    this.pending = position < buffer.length ? buffer.slice(position) : '';
  }

  private plainLine(buffer: string, start: number, end: number): void {
    const line = this.line;
    this.line += 1;
    const last = end > start && buffer.charCodeAt(end - 1) === carriageReturn ? end - 1 : end;
    if (last === start) return;
    const cells: string[] = [];
    let from = start;
    let to = this.nextDelimiter(buffer, from);
    while (to < last) {
      cells.push(buffer.slice(from, to));
      from = to + 1;
      to = this.nextDelimiter(buffer, from);
    }
    cells.push(buffer.slice(from, last));
    this.sink.record(cells, line);
  }

  /** Where the next record starts, `needsMore` when the buffer ends inside this one, `isBroken` when it cannot be one. */
  private quotedRecord(buffer: string, start: number, final: boolean): number {
    const cells: string[] = [];
    let newlines = 0;
    let position = start;
    let lineEnd = -2;
    for (;;) {
      const opens = this.openingQuote(buffer, position);
      if (opens !== -1) {
        const close = this.closingQuote(buffer, opens + 1, final);
        if (close < 0) return close;
        const value = this.unquoted(buffer.slice(opens + 1, close));
        if (value.includes(this.newline)) newlines += value.split(this.newline).length - 1;
        cells.push(value);
        position = close + 1;
        while (buffer.charCodeAt(position) === space) position += 1;
        if (position >= buffer.length && !final) return needsMore;
      } else {
        if (lineEnd !== -1 && lineEnd < position) lineEnd = buffer.indexOf(this.newline, position);
        const ends = lineEnd === -1 ? buffer.length : lineEnd;
        const to = Math.min(ends, this.nextDelimiter(buffer, position));
        if (to === buffer.length && !final) return needsMore;
        const trimmed = to === ends && to > position && buffer.charCodeAt(to - 1) === carriageReturn ? to - 1 : to;
        cells.push(buffer.slice(position, trimmed));
        position = to;
      }
      if (position >= buffer.length || buffer.startsWith(this.newline, position)) break;
      if (buffer.charCodeAt(position) === carriageReturn) {
        if (position + 1 >= buffer.length && !final) return needsMore;
        if (position + 1 >= buffer.length || buffer.startsWith(this.newline, position + 1)) {
          position += 1;
          break;
        }
      }
      if (!buffer.startsWith(this.delimiter, position)) return isBroken;
      position += 1;
      if (position >= buffer.length && !final) return needsMore;
    }
    if (position - start > sourceLimits.recordCharacters) {
      this.rejectLongLine(buffer, start);
    } else {
      this.sink.record(cells, this.line);
    }
    this.line += 1 + newlines;
    return position + 1;
  }

  /** Where the quote is that opens the cell at `position`: behind blanks, or behind the guard `=`; -1 when none opens it. */
  private openingQuote(buffer: string, position: number): number {
    if (buffer.charCodeAt(position) === this.quoteCode) return position;
    if (this.dialect.guarded && buffer.startsWith(`=${this.quote}`, position)) return position + 1;
    if (buffer.charCodeAt(position) !== space) return -1;
    let at = position + 1;
    while (buffer.charCodeAt(at) === space) at += 1;
    return buffer.charCodeAt(at) === this.quoteCode ? at : -1;
  }

  /** The quote that a delimiter, a line end or the end follows; `needsMore` when the buffer ends first, `isBroken` when there is none. */
  private closingQuote(buffer: string, from: number, final: boolean): number {
    const { quote, delimiter, newline } = this;
    let close = buffer.indexOf(quote, from);
    while (close !== -1) {
      if (this.dialect.escape !== null && isEscaped(buffer, close, from)) {
        close = buffer.indexOf(quote, close + 1);
        continue;
      }
      if (buffer.charCodeAt(close + 1) === this.quoteCode) {
        close = buffer.indexOf(quote, close + 2);
        continue;
      }
      let next = close + 1;
      while (buffer.charCodeAt(next) === space) next += 1;
      if (next >= buffer.length) return final ? close : needsMore;
      if (buffer.startsWith(delimiter, next) || buffer.startsWith(newline, next)) return close;
      if (buffer.charCodeAt(next) === carriageReturn) {
        if (next + 1 >= buffer.length) return final ? close : needsMore;
        if (buffer.startsWith(newline, next + 1)) return close;
      }
      // An inch mark stands on the line of its cell. On a later line, the cell was never closed.
      const lineEnd = buffer.indexOf(newline, from);
      if (lineEnd !== -1 && lineEnd < close) return isBroken;
      close = buffer.indexOf(quote, close + 1);
    }
    return needsMore;
  }

  private unquoted(text: string): string {
    if (!text.includes(this.quote)) return text;
    const plain = text.replaceAll(this.quote + this.quote, this.quote);
    return this.dialect.escape === null ? plain : plain.replaceAll(this.dialect.escape + this.quote, this.quote);
  }

  /** Remembered from line to line: where lines have one cell only, each would search the whole rest of the buffer again. */
  private nextDelimiter(buffer: string, from: number): number {
    if (from > this.delimiterAt || from < this.searchedFrom) {
      const found = buffer.indexOf(this.delimiter, from);
      this.searchedFrom = from;
      this.delimiterAt = found === -1 ? buffer.length : found;
    }
    return this.delimiterAt;
  }

  private rejectLongLine(buffer: string, start: number): void {
    this.sink.broken(
      'LINE_TOO_LONG',
      `The record starting on line ${this.line} is longer than ${sourceLimits.recordCharacters} characters. Split it or drop the long cell.`,
      this.line,
      buffer.slice(start, start + sourceLimits.rawCharacters),
    );
  }

  private rejectQuote(buffer: string, start: number, end: number): void {
    this.brokenQuotes += 1;
    if (this.brokenQuotes > sourceLimits.brokenQuotes) {
      throw new SourceError(
        'WRONG_FORMAT',
        `More than ${sourceLimits.brokenQuotes} lines have a quote that is not closed, the last on line ${this.line}. Export the file with cells quoted by " and quotes inside doubled.`,
      );
    }
    this.sink.broken(
      'BROKEN_QUOTE',
      `Line ${this.line} has a quoted cell that is not closed, or text after its closing quote. Double the quotes inside quoted cells.`,
      this.line,
      buffer.slice(start, Math.min(end, start + sourceLimits.rawCharacters)),
    );
  }
}

const needsMore = -1;
const isBroken = -2;
const space = 0x20;
const carriageReturn = 0x0d;

/** Whether an odd number of backslashes stands before the quote at `at`. */
function isEscaped(buffer: string, at: number, from: number): boolean {
  let backslashes = 0;
  while (at - 1 - backslashes >= from && buffer.charCodeAt(at - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
}
