import { sourceLimits } from '../../sourceLimits.js';

export interface JsonLinesSink {
  record(text: string, line: number): void;
  tooLong(text: string, line: number): void;
}

/** Cuts JSON lines: push text in pieces, then `end()`. Holds one line at a time; a line over the limit is skipped. */
export class JsonLinesParser {
  private pending = '';
  private line = 1;
  private skipping = false;

  constructor(private readonly sink: JsonLinesSink) {}

  write(text: string): void {
    const buffer = this.pending + text;
    let position = 0;
    for (let end = buffer.indexOf('\n'); end !== -1; end = buffer.indexOf('\n', position)) {
      this.take(buffer.slice(position, end));
      position = end + 1;
    }
    this.pending = buffer.slice(position);
    if (this.skipping) this.pending = '';
    else if (this.pending.length > sourceLimits.recordCharacters) {
      this.sink.tooLong(this.pending.slice(0, sourceLimits.rawCharacters), this.line);
      this.skipping = true;
      this.pending = '';
    }
  }

  end(): void {
    this.take(this.pending);
    this.pending = '';
  }

  private take(text: string): void {
    const line = this.line;
    this.line += 1;
    if (this.skipping) {
      this.skipping = false;
      return;
    }
    const trimmed = text.trim();
    if (trimmed === '') return;
    if (trimmed.length > sourceLimits.recordCharacters)
      this.sink.tooLong(trimmed.slice(0, sourceLimits.rawCharacters), line);
    else this.sink.record(trimmed, line);
  }
}
