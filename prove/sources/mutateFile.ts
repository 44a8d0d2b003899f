import { gzipSync } from 'node:zlib';
import type { Random } from '@tributary/kit';
import { workbookBuffer, zipBuffer } from '@tributary/kit/sources';

const mostBytes = 200_000;

/** A file that something has happened to: bytes turned, cut, doubled, mixed with another, or made to be a bomb. */
export async function mutateFile(files: readonly Buffer[], random: Random): Promise<Buffer> {
  if (random.next() < 0.02) return bomb(random);
  let bytes: Buffer = Buffer.from(random.pick(files));
  const times = random.between(1, 4);
  for (let n = 0; n < times; n += 1) bytes = mutated(bytes, files, random);
  const wrapped = random.next();
  if (wrapped < 0.03) return gzipSync(bytes);
  if (wrapped < 0.06) return zipBuffer({ [`a${random.pick(['.csv', '.json', '', '.xlsx'])}`]: bytes });
  return bytes.subarray(0, mostBytes);
}

function mutated(bytes: Buffer, files: readonly Buffer[], random: Random): Buffer {
  if (bytes.length === 0) return random.bytes(random.between(0, 64));
  const at = random.between(0, bytes.length - 1);
  const to = Math.min(bytes.length, at + random.between(1, 200));
  switch (random.between(0, 7)) {
    case 0:
      for (let n = random.between(1, 20); n > 0; n -= 1)
        bytes[random.between(0, bytes.length - 1)]! ^= 1 << random.between(0, 7);
      return bytes;
    case 1:
      return bytes.subarray(0, at);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 3: {
      const other = random.pick(files);
      return Buffer.concat([bytes.subarray(0, at), other.subarray(random.between(0, other.length - 1))]);
    }
    case 4:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at, to), bytes.subarray(to)]);
    case 5:
      return Buffer.concat([bytes.subarray(0, at), random.bytes(random.between(1, 40)), bytes.subarray(at)]);
    case 6: {
      const piece = random.pick([
        '"',
        "'",
        '\0',
        '\ufeff',
        '\r',
        '\n',
        ',',
        ';',
        '{',
        '}',
        '[',
        ']',
        '&x;',
        '<!DOCTYPE a [',
        '---\n',
        '*a',
        '&a ',
        ': ',
        '\u2028',
        '-1e999',
        '=1+1',
      ]);
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(piece.repeat(random.between(1, 50))),
        bytes.subarray(at),
      ]);
    }
    default:
      return Buffer.concat(Array.from({ length: random.between(2, 30) }, () => bytes)).subarray(0, mostBytes);
  }
}

/** What a small file can do to a reader that takes it at its word. */
async function bomb(random: Random): Promise<Buffer> {
  switch (random.between(0, 9)) {
    case 0:
      return zipBuffer({ 'a.csv': Buffer.alloc(30_000_000, 'a,b\n') });
    case 1:
      return gzipSync(Buffer.alloc(30_000_000, 'a,b\n'));
    case 2: {
      const entities = Array.from({ length: 12 }, (_, n) => `<!ENTITY e${n + 1} "${`&e${n};`.repeat(10)}">`).join('');
      return Buffer.from(
        `<?xml version="1.0"?><!DOCTYPE a [<!ENTITY e0 "x">${entities}]><a><b name="1">&e12;</b><b name="2"/></a>`,
      );
    }
    case 3: {
      const lines = ['---', 'a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
      for (let n = 1; n < 12; n += 1)
        lines.push(`a${n}: &a${n} [${Array.from({ length: 10 }, () => `*a${n - 1}`).join(', ')}]`);
      return Buffer.from(lines.join('\n'));
    }
    case 4:
      return Buffer.from(`${Array.from({ length: 10_000 }, (_, n) => `c${n}`).join(',')}\n${'1,'.repeat(9_999)}1\n`);
    case 5: {
      const deep = random.between(100, 100_000);
      return Buffer.from(`[{"name":"a","x":${'['.repeat(deep)}${']'.repeat(deep)}}]`);
    }
    case 6:
      return Buffer.from(`{"a":`.repeat(random.between(100, 50_000)));
    case 7:
      return Buffer.from(`<a>`.repeat(random.between(100, 50_000)));
    case 8:
      return Buffer.from(`name,ip\n"${'a,1\n'.repeat(50_000)}`);
    default:
      return workbookBuffer([
        {
          name: 'S',
          rows: [Array.from({ length: 10_000 }, (_, n) => `c${n}`)],
          merged: ['A1:A1048576', 'B1:B1048576'],
        },
      ]);
  }
}
