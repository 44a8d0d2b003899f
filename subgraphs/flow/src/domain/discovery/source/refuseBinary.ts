import { SourceError } from '../sourceErrors.js';

const signatures: readonly { readonly bytes: readonly number[]; readonly what: string; readonly advice: string }[] = [
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], what: 'a Zstandard file', advice: 'Unpack it first.' },
  { bytes: [0x42, 0x5a, 0x68], what: 'a bzip2 file', advice: 'Unpack it first.' },
  { bytes: [0x25, 0x50, 0x44, 0x46], what: 'a PDF', advice: 'Export the table as CSV.' },
  { bytes: [0x89, 0x50, 0x4e, 0x47], what: 'an image', advice: 'Export the table as CSV.' },
  { bytes: [0xff, 0xd8, 0xff], what: 'an image', advice: 'Export the table as CSV.' },
  {
    bytes: [0x53, 0x51, 0x4c, 0x69, 0x74, 0x65, 0x20, 0x66],
    what: 'an SQLite database',
    advice: 'Export the table as CSV.',
  },
  { bytes: [0x50, 0x41, 0x52, 0x31], what: 'a Parquet file', advice: 'Export the table as CSV or JSON.' },
  { bytes: [0x7f, 0x45, 0x4c, 0x46], what: 'a program', advice: 'Upload a CSV or JSON file.' },
];

/** Tab, line ends, form feed, escape, and the characters that ASCII (1C to 1F) and Hive (01) set aside to divide fields. */
const harmless: ReadonlySet<number> = new Set([0x09, 0x0a, 0x0d, 0x0c, 0x1b, 0x01, 0x1c, 0x1d, 0x1e, 0x1f]);

/** Throws BINARY_SOURCE for what is not text. `utf16` allows zero bytes. */
export function refuseBinary(head: Uint8Array, utf16: boolean): void {
  const known = signatures.find(({ bytes }) => bytes.every((byte, index) => head[index] === byte));
  if (known !== undefined) throw new SourceError('BINARY_SOURCE', `The source is ${known.what}. ${known.advice}`);
  if (utf16) return;
  let controls = 0;
  for (const byte of head) {
    if (byte < 0x20 && !harmless.has(byte)) controls += 1;
  }
  // A stray control character costs its row later; many of them mean that this is no text at all.
  if (controls > 0 && controls / head.length > 0.01) {
    throw new SourceError('BINARY_SOURCE', 'The source is binary data, not text. Upload a CSV or JSON file.');
  }
}
