import { gzipSync } from 'node:zlib';
import type { Random } from '@tributary/kit';
import { zipBuffer } from '@tributary/kit/sources';

/** Two files that say the same. */
export interface Variation {
  readonly plain: Buffer;
  readonly bytes: Buffer;
  /** What was done, for people. */
  readonly did: readonly string[];
}

/**
 * Letters beyond ASCII in an encoding without a mark are for the tests of encodings, which know how much text it takes to tell them; what
 * has none is the same in all of the old ones.
 */
const encodings = ['utf8', 'utf8', 'utf8 with its mark', 'utf-16le', 'utf-16be'] as const;

/** A text as bytes: encoded, and perhaps packed. */
export async function packed(text: string, random: Random): Promise<{ bytes: Buffer; how: string }> {
  const encoding = random.pick(encodings);
  const encoded = encode(text, encoding);
  const wrap = random.next();
  if (wrap < 0.08) return { bytes: gzipSync(encoded), how: `${encoding}, gzip` };
  if (wrap < 0.16) return { bytes: await zipBuffer({ 'export/list.txt': encoded }), how: `${encoding}, zip` };
  return { bytes: encoded, how: encoding };
}

function encode(text: string, encoding: (typeof encodings)[number]): Buffer {
  if (encoding === 'utf8') return Buffer.from(text);
  if (encoding === 'utf8 with its mark') return Buffer.from(`\ufeff${text}`);
  const little = Buffer.from(`\ufeff${text}`, 'utf16le');
  return encoding === 'utf-16le' ? little : little.swap16();
}
