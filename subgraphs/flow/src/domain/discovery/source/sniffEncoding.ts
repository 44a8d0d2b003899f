/**
 * Which text encoding a source uses. A byte order mark decides; without one, UTF-16 shows by its zero bytes, and the
 * rest is ASCII until the first byte above 127, where `looksLikeWindows1252` is asked.
 */
export type SourceEncoding = 'utf8' | 'utf16le' | 'utf16be' | 'windows1252';

export interface SniffedEncoding {
  readonly encoding: SourceEncoding;
  /** Length of the byte order mark. */
  readonly skip: number;
  /** Whether a later byte above 127 may still change the verdict from UTF-8 to Windows-1252. */
  readonly provisional: boolean;
}

export function sniffEncoding(head: Uint8Array): SniffedEncoding {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf)
    return { encoding: 'utf8', skip: 3, provisional: false };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf16le', skip: 2, provisional: false };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf16be', skip: 2, provisional: false };
  const pairs = Math.floor(Math.min(head.length, 4096) / 2);
  let evenZeros = 0;
  let oddZeros = 0;
  for (let pair = 0; pair < pairs; pair += 1) {
    if (head[pair * 2] === 0) evenZeros += 1;
    if (head[pair * 2 + 1] === 0) oddZeros += 1;
  }
  if (pairs >= 2 && oddZeros / pairs > 0.7 && evenZeros / pairs < 0.02) {
    return { encoding: 'utf16le', skip: 0, provisional: false };
  }
  if (pairs >= 2 && evenZeros / pairs > 0.7 && oddZeros / pairs < 0.02) {
    return { encoding: 'utf16be', skip: 0, provisional: false };
  }
  return { encoding: 'utf8', skip: 0, provisional: true };
}

/**
 * Whether bytes that are not valid UTF-8 read as words in Windows-1252 (or Latin-1), rather than as UTF-8 with damage.
 * Every byte decodes in Windows-1252, so validity says nothing. What tells them apart: accented letters stand inside
 * words, and capitals follow no small letter. Damaged UTF-8 is left as such and its rows are rejected.
 */
export function looksLikeWindows1252(window: Uint8Array): boolean {
  const { sequences, broken } = countUtf8(window);
  if (broken === 0 || sequences >= broken) return false;
  let plausible = 0;
  let implausible = 0;
  for (let index = 0; index < window.length; index += 1) {
    if (window[index]! < 0x80) continue;
    if (readsAsLetter(window, index)) plausible += 1;
    else implausible += 1;
  }
  return plausible / (plausible + implausible) >= 0.95;
}

/** Well-formed multi-byte sequences against bytes that belong to none; an unfinished sequence at the end is ignored. */
function countUtf8(bytes: Uint8Array): { sequences: number; broken: number } {
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

function readsAsLetter(bytes: Uint8Array, index: number): boolean {
  const byte = bytes[index]!;
  const before = bytes[index - 1] ?? 0x20;
  const after = bytes[index + 1] ?? 0x20;
  if (byte >= 0xe0 && byte <= 0xfd && byte !== 0xf0 && byte !== 0xf7) return isLetter(before) || isLetter(after);
  if (byte === 0xdf) return isSmall(before);
  if (byte >= 0xc0 && byte <= 0xdd && byte !== 0xd0 && byte !== 0xd7)
    return isLetter(after) ? !isSmall(before) : isCapital(before);
  // Curly apostrophe inside a word, dash between spaces, degree or superscript after a digit.
  if (byte === 0x92) return isLetter(before) && isLetter(after);
  if (byte === 0x96) return before === 0x20 && after === 0x20;
  if (byte === 0xb0 || byte === 0xb2 || byte === 0xb3) return before >= 0x30 && before <= 0x39;
  return false;
}

const isSmall = (byte: number): boolean => (byte >= 0x61 && byte <= 0x7a) || byte >= 0xdf;
const isCapital = (byte: number): boolean => (byte >= 0x41 && byte <= 0x5a) || (byte >= 0xc0 && byte <= 0xde);
const isLetter = (byte: number): boolean => isSmall(byte) || isCapital(byte);
