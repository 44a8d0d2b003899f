import { SourceError } from '../../sourceErrors.js';
import { sourceLimits } from '../../sourceLimits.js';
import type { ZipArchive } from '../archive/ZipArchive.js';
import { XmlWalker } from './XmlWalker.js';

const blockBytes = 1_048_576;

/** The texts of a workbook, which cells name by number. Packed: as strings of their own they would take three times as much. */
export class SharedStrings {
  private readonly blocks: Buffer[] = [];
  private used = blockBytes;
  private starts = new Uint32Array(1_024);
  private lengths = new Uint32Array(1_024);
  private count = 0;

  static async read(archive: ZipArchive, name: string): Promise<SharedStrings> {
    const strings = new SharedStrings();
    const member = archive.find(name);
    if (member === null) return strings;
    let text = '';
    let inText = false;
    let inReading = false;
    const walker = new XmlWalker({
      open(tag) {
        if (tag === 'si') text = '';
        else if (tag === 't') inText = !inReading;
        // How a Japanese text is read stands beside it, and is no part of it.
        else if (tag === 'rPh') inReading = true;
      },
      text(part) {
        if (inText) text += part;
      },
      close(tag) {
        if (tag === 'si') strings.add(text);
        else if (tag === 't') inText = false;
        else if (tag === 'rPh') inReading = false;
      },
    });
    for await (const { bytes } of archive.read(member)) walker.write(bytes);
    walker.end();
    return strings;
  }

  /** Empty for a number that no text has. */
  get(index: number): string {
    if (!(index >= 0 && index < this.count)) return '';
    const start = this.starts[index]!;
    const block = this.blocks[Math.floor(start / blockBytes)]!;
    const at = start % blockBytes;
    return block.toString('utf8', at, at + this.lengths[index]!);
  }

  private add(text: string): void {
    const bytes = Buffer.from(
      text.length > sourceLimits.cellCharacters ? text.slice(0, sourceLimits.cellCharacters) : text,
    );
    if (this.used + bytes.length > blockBytes) {
      if ((this.blocks.length + 1) * blockBytes > sourceLimits.sharedStringBytes) {
        const most = Math.round(sourceLimits.sharedStringBytes / 1_048_576);
        throw new SourceError(
          'ARCHIVE_TOO_LARGE',
          `The workbook has more than ${most} MB of different texts. Split it, or save its sheets as CSV.`,
        );
      }
      this.blocks.push(Buffer.allocUnsafe(blockBytes));
      this.used = 0;
    }
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts);
      this.lengths = grown(this.lengths);
    }
    bytes.copy(this.blocks.at(-1)!, this.used);
    this.starts[this.count] = (this.blocks.length - 1) * blockBytes + this.used;
    this.lengths[this.count] = bytes.length;
    this.used += bytes.length;
    this.count += 1;
  }
}

function grown(numbers: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(numbers.length * 2);
  larger.set(numbers);
  return larger;
}
