/**
 * Two independent 32-bit hashes of a text, 64 bits together. Not for secrets: for sets and estimates over millions of
 * values, where building a digest object for each would cost more than the rest of the row.
 */
export class TextHash {
  high = 0;
  low = 0;

  update(text: string): this {
    let first = 0xdeadbeef;
    let second = 0x41c6ce57;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      first = Math.imul(first ^ code, 2654435761);
      second = Math.imul(second ^ code, 1597334677);
    }
    first = Math.imul(first ^ (first >>> 16), 2246822507) ^ Math.imul(second ^ (second >>> 13), 3266489909);
    second = Math.imul(second ^ (second >>> 16), 2246822507) ^ Math.imul(first ^ (first >>> 13), 3266489909);
    this.high = second >>> 0;
    this.low = first >>> 0;
    return this;
  }
}

/** Ten hexadecimal characters that stand for a text. */
export function shortHash(text: string): string {
  const hash = new TextHash().update(text);
  return (hash.high.toString(16).padStart(8, '0') + hash.low.toString(16).padStart(8, '0')).slice(0, 10);
}
