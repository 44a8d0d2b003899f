/** What the first bytes say about the encoding by themselves. */
export interface MarkedEncoding {
  readonly encoding: 'utf8' | 'utf16le' | 'utf16be';
  /** Length of the byte order mark. */
  readonly skip: number;
  /** Whether a later byte above 127 may still show that it is not UTF-8. */
  readonly provisional: boolean;
}

const newline = 0x0a;

/** A byte order mark decides; without one, UTF-16 shows by its zero bytes, which all stand on one side. */
export function readByteOrder(head: Uint8Array): MarkedEncoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
    return { encoding: 'utf8', skip: 3, provisional: false };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf16le', skip: 2, provisional: false };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf16be', skip: 2, provisional: false };
  const unmarked = unmarkedUtf16(head);
  return unmarked === null
    ? { encoding: 'utf8', skip: 0, provisional: true }
    : { encoding: unmarked, skip: 0, provisional: false };
}

/**
 * Delimiters and line ends are ASCII in every script, so a table in UTF-16 has a zero byte at least in one pair of twenty, always the
 * same one of the two, and a line end that is written so.
 */
function unmarkedUtf16(head: Uint8Array): 'utf16le' | 'utf16be' | null {
  const pairs = Math.floor(Math.min(head.length, 4096) / 2);
  if (pairs < 2) return null;
  let high = 0;
  let low = 0;
  let lines = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    const [first, second] = [head[pair * 2]!, head[pair * 2 + 1]!];
    if (first === 0) high += 1;
    if (second === 0) low += 1;
    if (first + second === newline && (first === 0 || second === 0)) lines += 1;
  }
  const share = Math.max(high, low) / pairs;
  if (Math.min(high, low) / pairs > 0.02 || share < 0.05 || (share < 0.7 && lines === 0)) return null;
  return low > high ? 'utf16le' : 'utf16be';
}

/** Well-formed multi-byte sequences against bytes that belong to none; an unfinished sequence at the end is ignored. */
export function countUtf8(bytes: Uint8Array): { sequences: number; broken: number } {
  let sequences = 0;
  let broken = 0;
  for (let index = 0; index < bytes.length; index += 1) {
    const lead = bytes[index]!;
    if (lead < 0x80) continue;
    const more =
      lead >= 0xc2 && lead <= 0xdf ? 1 : lead >= 0xe0 && lead <= 0xef ? 2 : lead >= 0xf0 && lead <= 0xf4 ? 3 : 0;
    if (more === 0) {
      broken += 1;
      continue;
    }
    let found = 0;
    while (found < more && index + found + 1 < bytes.length && (bytes[index + found + 1]! & 0xc0) === 0x80) found += 1;
    if (found === more) {
      sequences += 1;
      index += more;
    } else if (index + found + 1 < bytes.length) {
      broken += 1;
    }
  }
  return { sequences, broken };
}
