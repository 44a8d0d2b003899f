import { SourceError } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';
import type { JsonLayout } from './sniffJsonLayout.js';
import { newJsonScan, scanJson, type JsonScan } from './scanJson.js';

export interface JsonSink {
  /** One element of the list as JSON text. */
  record(text: string): void;
  /** An element over the limit; `text` is its beginning. */
  tooLong(text: string): void;
  /** An element that is no object. */
  scalar(text: string): void;
  /** The `columns` of a table, before its rows. */
  columns(text: string): void;
}

interface Frame {
  readonly array: boolean;
  /** How many steps of the path led here. */
  readonly depth: number;
  key: string | null;
}

/**
 * Cuts the records out of a JSON document of any length: push text in pieces, then `end()`. Holds one record at a time.
 * It only matches brackets and keys on the way to the list; each record is then parsed by JSON.parse, which is several
 * times faster than assembling objects from parse events, and keeps one bad record from ending the reading.
 */
export class JsonListParser {
  private buffer = '';
  private position = 0;
  private frames: Frame[];
  private readonly path: readonly string[];
  private readonly table: boolean;
  private readonly openEnded: boolean;
  private scan: JsonScan | null = null;
  private scanStart = 0;
  private purpose: 'record' | 'columns' | 'skip' = 'skip';
  private sawColumns = false;
  private closed = false;

  constructor(
    layout: Exclude<JsonLayout, { kind: 'lines' }>,
    private readonly sink: JsonSink,
  ) {
    this.table = layout.kind === 'table';
    this.openEnded = layout.kind === 'values';
    this.path = layout.kind === 'values' ? [] : layout.kind === 'table' ? [...layout.path, 'rows'] : layout.path;
    this.frames = this.openEnded ? [{ array: true, depth: 0, key: null }] : [];
  }

  write(text: string): void {
    this.buffer = this.position < this.buffer.length ? this.buffer.slice(this.position) + text : text;
    this.scanStart -= this.position;
    const resumeAt = this.resumeAt - this.position;
    this.position = 0;
    this.resumeAt = resumeAt;
    while (this.position < this.buffer.length && !this.closed) {
      if (this.scan !== null) {
        if (!this.continueScan(this.scan)) return;
      } else if (!this.step()) return;
    }
    if (this.closed) this.position = this.buffer.length;
  }

  end(): void {
    const complete = this.closed || (this.openEnded && this.scan === null);
    if (!complete) {
      throw new SourceError(
        'TRUNCATED_SOURCE',
        'The JSON document ends before it is complete. Export or upload it again.',
      );
    }
    if (this.table && !this.sawColumns) {
      throw new SourceError(
        'WRONG_FORMAT',
        'The JSON has rows but no columns before them. Put columns first, or export a list of objects.',
      );
    }
  }

  private resumeAt = 0;

  /** Whether to go on: false when the buffer is used up. */
  private continueScan(scan: JsonScan): boolean {
    const end = scanJson(this.buffer, this.resumeAt, scan);
    if (end === -1) {
      this.resumeAt = this.buffer.length;
      if (this.purpose !== 'skip' && this.buffer.length - this.scanStart > sourceLimits.recordCharacters)
        this.giveUpRecord();
      this.position = this.purpose === 'skip' ? this.buffer.length : this.scanStart;
      return false;
    }
    this.scan = null;
    this.position = end;
    if (this.purpose !== 'skip' && end - this.scanStart > sourceLimits.recordCharacters) this.giveUpRecord();
    else if (this.purpose === 'record') this.sink.record(this.buffer.slice(this.scanStart, end));
    else if (this.purpose === 'columns') {
      this.sawColumns = true;
      this.sink.columns(this.buffer.slice(this.scanStart, end));
    }
    return true;
  }

  private giveUpRecord(): void {
    if (this.purpose === 'columns')
      throw new SourceError('TOO_MANY_COLUMNS', 'The list of columns is longer than 1 MB. Export fewer columns.');
    this.sink.tooLong(this.buffer.slice(this.scanStart, this.scanStart + sourceLimits.rawCharacters));
    this.purpose = 'skip';
  }

  private begin(purpose: 'record' | 'columns' | 'skip'): true {
    this.scan = newJsonScan();
    this.scanStart = this.position;
    this.resumeAt = this.position;
    this.purpose = purpose;
    return true;
  }

  private step(): boolean {
    const code = this.buffer.charCodeAt(this.position);
    if (code <= 0x20 || code === comma || code === 0xfeff) {
      this.position += 1;
      return true;
    }
    const frame = this.frames[this.frames.length - 1];
    if (frame === undefined) return this.open(code, 0);
    return frame.array ? this.stepInArray(frame, code) : this.stepInObject(frame, code);
  }

  private stepInArray(frame: Frame, code: number): boolean {
    if (code === closeBracket && !(this.openEnded && this.frames.length === 1)) return this.close();
    const isContainer = code === openBrace || code === openBracket;
    if (frame.depth < this.path.length) {
      if (this.path[frame.depth] === '*' && isContainer) return this.open(code, frame.depth + 1);
      return isContainer ? this.begin('skip') : this.skipScalar(false);
    }
    if (code === openBracket && !this.table) return this.open(code, frame.depth);
    return isContainer ? this.begin('record') : this.skipScalar(true);
  }

  private stepInObject(frame: Frame, code: number): boolean {
    if (code === closeBrace) return this.close();
    if (frame.key === null) {
      if (code !== doubleQuote) throw this.malformed();
      return this.readKey(frame);
    }
    if (code === colon) {
      this.position += 1;
      return true;
    }
    const { key } = frame;
    const isContainer = code === openBrace || code === openBracket;
    if (isContainer) {
      frame.key = null;
      if (key === this.path[frame.depth]) return this.open(code, frame.depth + 1);
      if (this.table && key === 'columns' && frame.depth === this.path.length - 1) return this.begin('columns');
      return this.begin('skip');
    }
    if (!this.skipScalar(false)) return false;
    frame.key = null;
    return true;
  }

  private open(code: number, depth: number): boolean {
    const array = code === openBracket;
    const wanted = depth === this.path.length || this.path[depth] === '*';
    if (!array && code !== openBrace) throw this.malformed();
    if (wanted !== array) {
      // An object where the list should be, such as one record instead of a list of one.
      if (wanted && this.frames.length > 0) return this.begin(depth === this.path.length ? 'record' : 'skip');
      throw this.malformed();
    }
    this.frames.push({ array, depth, key: null });
    this.position += 1;
    return true;
  }

  private close(): boolean {
    this.frames.pop();
    this.position += 1;
    if (this.frames.length === 0) this.closed = true;
    return true;
  }

  private readKey(frame: Frame): boolean {
    const end = this.stringEnd();
    if (end === -1) return false;
    try {
      frame.key = JSON.parse(this.buffer.slice(this.position, end)) as string;
    } catch {
      throw this.malformed();
    }
    this.position = end;
    return true;
  }

  private skipScalar(report: boolean): boolean {
    let end = -1;
    if (this.buffer.charCodeAt(this.position) === doubleQuote) end = this.stringEnd();
    else {
      for (let index = this.position; index < this.buffer.length && end === -1; index += 1) {
        const code = this.buffer.charCodeAt(index);
        if (code === comma || code === closeBrace || code === closeBracket || code <= 0x20) end = index;
      }
      if (end === this.position) throw this.malformed();
    }
    if (end === -1) {
      if (this.buffer.length - this.position > sourceLimits.recordCharacters) {
        throw new SourceError(
          'LINE_TOO_LONG',
          'The JSON holds a value of more than 1 MB outside its records. Export it without that value.',
        );
      }
      return false;
    }
    if (report)
      this.sink.scalar(this.buffer.slice(this.position, Math.min(end, this.position + sourceLimits.rawCharacters)));
    this.position = end;
    return true;
  }

  private stringEnd(): number {
    for (let index = this.position + 1; index < this.buffer.length; index += 1) {
      const code = this.buffer.charCodeAt(index);
      if (code === 0x5c) index += 1;
      else if (code === doubleQuote) return index + 1;
    }
    return -1;
  }

  private malformed(): SourceError {
    return new SourceError(
      'WRONG_FORMAT',
      'The source is not well-formed JSON. Upload a JSON array of objects, or one object a line.',
    );
  }
}

const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const doubleQuote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
