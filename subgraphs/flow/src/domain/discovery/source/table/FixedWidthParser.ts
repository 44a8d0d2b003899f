import { sourceLimits } from '../../sourceLimits.js';
import type { CsvSink } from './CsvParser.js';
import { isRule, type FixedWidth } from './findFixedWidth.js';

/** Cuts lines into cells where a table's columns start. A line whose cells stand elsewhere is cut at its runs of blanks. */
export class FixedWidthParser {
  private rest = '';
  private line = 0;

  constructor(
    private readonly layout: FixedWidth,
    private readonly sink: CsvSink,
  ) {}

  write(text: string): void {
    const lines = (this.rest + text).split('\n');
    this.rest = lines.pop()!;
    for (const line of lines) this.take(line);
    if (this.rest.length > sourceLimits.recordCharacters) this.take('');
  }

  end(): void {
    if (this.rest !== '') this.take(this.rest);
    this.rest = '';
  }

  private take(line: string): void {
    this.line += 1;
    if (line.length > sourceLimits.recordCharacters) {
      const message = `Line ${this.line} is longer than ${sourceLimits.recordCharacters} characters.`;
      this.sink.broken('LINE_TOO_LONG', message, this.line, line);
      return;
    }
    const text = line.trimEnd();
    if (text === '' || isRule(text)) return;
    const { starts } = this.layout;
    const aligned = starts !== null && starts.every((start) => start === 0 || (text[start - 1] ?? ' ') === ' ');
    if (aligned)
      return this.sink.record(
        starts.map((start, index) => text.slice(start, starts[index + 1]).trim()),
        this.line,
      );
    const cells = text.trim().split(/ {2,}/);
    if (starts === null || cells.length === starts.length) return this.sink.record(cells, this.line);
    const message = `The cells of line ${this.line} do not stand under their headings. Export the table as CSV.`;
    this.sink.broken('RAGGED_ROW', message, this.line, line);
  }
}
