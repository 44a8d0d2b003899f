import { TextHash } from '../hashText.js';

/** What was remembered of a key. */
export interface KnownKey {
  readonly line: number;
  readonly mark: number;
}

/**
 * Remembers by 64-bit hash which keys were seen and on which line: 16 bytes a slot, at most 60 % full, so 33 MB for a million
 * keys where a Map of strings takes 150. Two keys of a million share a hash once in 37 million sources.
 */
export class KeySet {
  private capacity: number;
  private count = 0;
  private highs: Uint32Array;
  private lows: Uint32Array;
  private lines: Uint32Array;
  private marks: Uint32Array;
  private readonly hash = new TextHash();

  constructor(capacity = 1_024) {
    this.capacity = capacity;
    this.highs = new Uint32Array(capacity);
    this.lows = new Uint32Array(capacity);
    this.lines = new Uint32Array(capacity);
    this.marks = new Uint32Array(capacity);
  }

  /** What the key was added with before, or null and it is added now. Lines begin at 1; a mark is any number of 32 bits. */
  add(key: string, line: number, mark = 0): KnownKey | null {
    const { high, low } = this.hash.update(key);
    const slot = this.slotOf(high, low);
    if (this.lines[slot] !== 0) return { line: this.lines[slot]!, mark: this.marks[slot]! };
    this.highs[slot] = high;
    this.lows[slot] = low;
    this.lines[slot] = line;
    this.marks[slot] = mark;
    this.count += 1;
    if (this.count > this.capacity * 0.6) this.grow();
    return null;
  }

  private slotOf(high: number, low: number): number {
    let slot = (low ^ high) & (this.capacity - 1);
    while (this.lines[slot] !== 0 && (this.highs[slot] !== high || this.lows[slot] !== low))
      slot = (slot + 1) & (this.capacity - 1);
    return slot;
  }

  private grow(): void {
    const { highs, lows, lines, marks } = this;
    this.capacity *= 2;
    this.highs = new Uint32Array(this.capacity);
    this.lows = new Uint32Array(this.capacity);
    this.lines = new Uint32Array(this.capacity);
    this.marks = new Uint32Array(this.capacity);
    for (let old = 0; old < lines.length; old += 1) {
      if (lines[old] === 0) continue;
      const slot = this.slotOf(highs[old]!, lows[old]!);
      this.highs[slot] = highs[old]!;
      this.lows[slot] = lows[old]!;
      this.lines[slot] = lines[old]!;
      this.marks[slot] = marks[old]!;
    }
  }
}
