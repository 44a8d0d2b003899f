import { isAscii } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import { sourceLimits } from '../sourceLimits.js';
import { refuseBinary } from './refuseBinary.js';
import { looksLikeWindows1252, sniffEncoding, type SourceEncoding } from './sniffEncoding.js';

export interface TextChunk {
  readonly text: string;
  /** Whether undecodable bytes (now U+FFFD), NUL or half a surrogate pair are somewhere in `text`. */
  readonly suspicious: boolean;
  /** Bytes of the source consumed so far. */
  readonly bytesRead: number;
}

const pieceBytes = 131_072;

/**
 * Bytes to text, in chunks of at most 128 KB of bytes. The verdict on the encoding depends on the bytes alone, not on how
 * the stream cuts them, so that every reading of a source gives the same text. Throws BINARY_SOURCE.
 */
export async function* decodeBytes(bytes: AsyncIterable<Uint8Array | string>): AsyncGenerator<TextChunk> {
  const decoder = new SourceDecoder();
  for await (const chunk of bytes) {
    const buffer =
      typeof chunk === 'string' ? Buffer.from(chunk) : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let start = 0; start < buffer.length; start += pieceBytes) {
      const piece = buffer.subarray(start, start + pieceBytes);
      const text = decoder.write(piece);
      if (text !== '') yield toChunk(text, decoder.bytesRead);
    }
  }
  const rest = decoder.end();
  if (rest !== '') yield toChunk(rest, decoder.bytesRead);
}

function toChunk(text: string, bytesRead: number): TextChunk {
  return { text, bytesRead, suspicious: text.includes('\uFFFD') || text.includes('\0') || !text.isWellFormed() };
}

class SourceDecoder {
  bytesRead = 0;
  private head: Buffer[] | null = [];
  private headBytes = 0;
  private encoding: SourceEncoding = 'utf8';
  private provisional = false;
  /** Bytes from the last ASCII byte on, held until there are enough of them to tell UTF-8 from Windows-1252. */
  private window: Buffer[] = [];
  private windowBytes = 0;
  private lastAscii: Buffer = Buffer.alloc(0);
  private decoder = new StringDecoder('utf8');
  private oddByte: Buffer = Buffer.alloc(0);

  write(chunk: Buffer): string {
    this.bytesRead += chunk.length;
    if (this.head === null) return this.decode(chunk);
    this.head.push(chunk);
    this.headBytes += chunk.length;
    return this.headBytes < sourceLimits.sampleCharacters ? '' : this.decideHead();
  }

  end(): string {
    const text = this.head === null ? '' : this.decideHead();
    const undecided = this.windowBytes > 0 ? this.decideWindow() : '';
    return (
      text +
      undecided +
      (this.encoding === 'windows1252' ? '' : this.decoder.end()) +
      (this.oddByte.length > 0 ? '\uFFFD' : '')
    );
  }

  private decideHead(): string {
    const head = Buffer.concat(this.head ?? []);
    this.head = null;
    const sample = head.subarray(0, sourceLimits.sampleCharacters);
    const { encoding, skip, provisional } = sniffEncoding(sample);
    refuseBinary(sample, encoding === 'utf16le' || encoding === 'utf16be');
    this.encoding = encoding;
    this.provisional = provisional;
    this.decoder = new StringDecoder(encoding === 'utf8' || encoding === 'windows1252' ? 'utf8' : 'utf16le');
    return this.decode(head.subarray(skip));
  }

  private decode(chunk: Buffer): string {
    if (this.provisional) return this.decodeProvisionally(chunk);
    if (this.encoding === 'windows1252') return fromWindows1252(chunk);
    if (this.encoding === 'utf16be') return this.decoder.write(this.swapped(chunk));
    return this.decoder.write(chunk);
  }

  private decodeProvisionally(chunk: Buffer): string {
    if (this.windowBytes === 0) {
      if (isAscii(chunk)) {
        this.lastAscii = chunk.subarray(-1);
        return chunk.toString('latin1');
      }
      const high = chunk.findIndex((byte) => byte > 127);
      if (high > 0) this.lastAscii = chunk.subarray(high - 1, high);
      this.hold(chunk.subarray(high));
      return chunk.toString('latin1', 0, high) + this.decideWhenEnough();
    }
    this.hold(chunk);
    return this.decideWhenEnough();
  }

  private hold(chunk: Buffer): void {
    this.window.push(chunk);
    this.windowBytes += chunk.length;
  }

  private decideWhenEnough(): string {
    return this.windowBytes >= sourceLimits.sampleCharacters ? this.decideWindow() : '';
  }

  private decideWindow(): string {
    const held = Buffer.concat(this.window);
    this.window = [];
    this.windowBytes = 0;
    this.provisional = false;
    const sample = Buffer.concat([this.lastAscii, held.subarray(0, sourceLimits.sampleCharacters)]);
    if (looksLikeWindows1252(sample)) this.encoding = 'windows1252';
    return this.decode(held);
  }

  private swapped(chunk: Buffer): Buffer {
    const all = Buffer.concat([this.oddByte, chunk]);
    const even = all.length - (all.length % 2);
    this.oddByte = all.subarray(even);
    return all.subarray(0, even).swap16();
  }
}

/** Windows-1252 where it differs from Latin-1: 0x80 to 0x9F. Own table, because ICU-less builds of Node read Latin-1. */
const windows1252High = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

function fromWindows1252(chunk: Buffer): string {
  return chunk
    .toString('latin1')
    .replace(/[\u0080-\u009f]/g, (character) => windows1252High[character.charCodeAt(0) - 0x80]!);
}
