import { isAscii } from 'node:buffer';
import { StringDecoder } from 'node:string_decoder';
import iconv from 'iconv-lite';
import { sourceLimits } from '../../sourceLimits.js';
import { refuseBinary } from '../refuseBinary.js';
import { readByteOrder } from './byteOrder.js';
import { chooseEncoding, type EncodingDecision } from './chooseEncoding.js';

export interface TextChunk {
  readonly text: string;
  /** Whether undecodable bytes (now U+FFFD), NUL or half a surrogate pair are somewhere in `text`. */
  readonly suspicious: boolean;
  /** Bytes of the source consumed so far. */
  readonly bytesRead: number;
}

export interface DecodeOptions {
  /** What a person or a definition says; null: found out. */
  readonly encoding?: string | null;
  /** Told once, when it is known. */
  readonly onEncoding?: (decision: EncodingDecision) => void;
}

const pieceBytes = 131_072;

/**
 * Bytes to text, in chunks of at most 128 KB of bytes. The verdict on the encoding depends on the bytes alone, not on how
 * the stream cuts them, so that every reading of a source gives the same text. Throws BINARY_SOURCE.
 */
export async function* decodeBytes(
  bytes: AsyncIterable<Uint8Array | string>,
  options: DecodeOptions = {},
): AsyncGenerator<TextChunk> {
  const decoder = new SourceDecoder(options);
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

/** What turns pieces of bytes into text, of Node or of iconv-lite. */
interface TextDecoding {
  write(bytes: Buffer): string;
  end(): string | undefined;
}

class SourceDecoder {
  bytesRead = 0;
  private head: Buffer[] | null = [];
  private headBytes = 0;
  private utf16be = false;
  private provisional = false;
  /** Bytes from the last ASCII byte on, held until there are enough of them to tell the encoding. */
  private window: Buffer[] = [];
  private windowBytes = 0;
  private lastAscii: Buffer = Buffer.alloc(0);
  private decoder: TextDecoding = new StringDecoder('utf8');
  private oddByte: Buffer = Buffer.alloc(0);

  constructor(private readonly options: DecodeOptions) {}

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
    if (this.provisional) this.tell({ encoding: 'utf8', confidence: 1, doubt: null });
    return text + undecided + (this.decoder.end() ?? '') + (this.oddByte.length > 0 ? '\uFFFD' : '');
  }

  private decideHead(): string {
    const head = Buffer.concat(this.head ?? []);
    this.head = null;
    const sample = head.subarray(0, sourceLimits.sampleCharacters);
    const { encoding, skip, provisional } = readByteOrder(sample);
    const given = this.options.encoding ?? null;
    refuseBinary(sample, encoding !== 'utf8' || (given !== null && /^utf-?16/i.test(given)));
    if (given !== null && skip === 0) {
      this.decoder = iconv.getDecoder(given);
      this.tell({ encoding: given, confidence: 1, doubt: null });
      return this.decode(head);
    }
    this.provisional = provisional;
    this.utf16be = encoding === 'utf16be';
    this.decoder = new StringDecoder(encoding === 'utf8' ? 'utf8' : 'utf16le');
    if (!provisional) this.tell({ encoding, confidence: skip > 0 ? 1 : 0.95, doubt: null });
    return this.decode(head.subarray(skip));
  }

  private decode(chunk: Buffer): string {
    if (this.provisional) return this.decodeProvisionally(chunk);
    return this.decoder.write(this.utf16be ? this.swapped(chunk) : chunk);
  }

  private tell(decision: EncodingDecision): void {
    this.provisional = false;
    this.options.onEncoding?.(decision);
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
    const sample = Buffer.concat([this.lastAscii, held.subarray(0, sourceLimits.sampleCharacters)]);
    const decision = chooseEncoding(sample);
    if (decision.encoding !== 'utf8') this.decoder = iconv.getDecoder(decision.encoding);
    this.tell(decision);
    return this.decode(held);
  }

  private swapped(chunk: Buffer): Buffer {
    const all = Buffer.concat([this.oddByte, chunk]);
    const even = all.length - (all.length % 2);
    this.oddByte = all.subarray(even);
    return all.subarray(0, even).swap16();
  }
}
