import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { isSourceError, openSource, type Source } from '../../src/domain/discovery/index.js';
import { csv, discover, json, readAll, sourceOf, failure } from './sources.js';

async function codeOf(source: Source): Promise<string> {
  return (await failure(source)).code;
}

/** `length` bytes of `fill` between a beginning and an end, made while they are read. */
function longSource(format: 'CSV' | 'JSON', before: string, length: number, after: string): Source {
  function* pieces(): Generator<Buffer> {
    yield Buffer.from(before);
    const piece = Buffer.alloc(65_536, 'a');
    for (let left = length; left > 0; left -= piece.length) yield piece.subarray(0, Math.min(left, piece.length));
    yield Buffer.from(after);
  }
  return openSource({ format, open: () => Readable.from(pieces(), { objectMode: false }) });
}

describe('a source that cannot be read', () => {
  it('is refused when it is empty', async () => {
    for (const content of ['', ' \n\r\n ', '﻿']) {
      expect(await codeOf(csv(content))).toBe('EMPTY_SOURCE');
      expect(await codeOf(json(content))).toBe('EMPTY_SOURCE');
    }
    expect(await codeOf(json([]))).toBe('EMPTY_SOURCE');
    expect(await codeOf(json({ items: [] }))).toBe('EMPTY_SOURCE');
  });

  it('is refused when it is binary, and the message names what it is', async () => {
    expect(await failure(csv(Buffer.concat([Buffer.from('PK\x03\x04'), randomBytes(5_000)])))).toMatchObject({
      code: 'TRUNCATED_SOURCE',
      message: expect.stringContaining('ZIP'),
    });
    for (const bytes of [randomBytes(100_000), Buffer.alloc(5_000), Buffer.from([0, 1, 2, 3])]) {
      expect(await codeOf(csv(bytes))).toBe('BINARY_SOURCE');
      expect(await codeOf(sourceOf('JSON', bytes))).toBe('BINARY_SOURCE');
    }
  });

  it('is refused when it is not in the declared format', async () => {
    expect(await codeOf(csv('[{"name":"a"}]'))).toBe('WRONG_FORMAT');
    expect(await codeOf(csv('{"name":"a"}\n{"name":"b"}'))).toBe('WRONG_FORMAT');
    expect(await codeOf(csv('<?xml version="1.0"?><a/>'))).toBe('WRONG_FORMAT');
    expect(await codeOf(csv('<html><body>Sign in</body></html>'))).toBe('WRONG_FORMAT');
    expect(await codeOf(json('name,ip\na,10.0.0.1\n'))).toBe('WRONG_FORMAT');
    expect(await codeOf(json('"text"'))).toBe('WRONG_FORMAT');
    expect(await codeOf(json('{name: "a"}'))).toBe('NO_USABLE_ROWS');
  });

  it('is refused when there is a header and nothing else', async () => {
    expect(await codeOf(csv('name,ip,os'))).toBe('HEADER_ONLY');
    expect(await codeOf(csv('name,ip,os\r\n\r\n,,\r\n'))).toBe('HEADER_ONLY');
  });

  it('is refused when the JSON ends too early', async () => {
    const whole = JSON.stringify([{ name: 'a' }, { name: 'b' }]);
    for (let length = 1; length < whole.length; length += 1)
      expect(await codeOf(json(whole.slice(0, length)))).toBe('TRUNCATED_SOURCE');
  });

  it('is refused with 10,000 columns', async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `column${index}`);
    expect(await failure(csv(`${names.join(',')}\n${names.map(() => '1').join(',')}\n`))).toMatchObject({
      code: 'TOO_MANY_COLUMNS',
      message: expect.stringContaining('10000'),
    });
    expect(await codeOf(json({ data: { columns: names.map((name) => ({ name })), rows: [names] } }))).toBe(
      'TOO_MANY_COLUMNS',
    );
    const wide = Object.fromEntries(names.map((name) => [name, 1]));
    const read = await readAll(json([wide, { name: 'ok' }]));
    expect(read.rejected.map(({ code }) => code)).toEqual(['TOO_MANY_COLUMNS']);
    expect(read.records).toHaveLength(1);
    expect(await codeOf(json([wide]))).toBe('NO_USABLE_ROWS');
  });

  it('is refused when no column can name an asset, with what to do', async () => {
    await expect(discover(csv('colour,weight\nred,1.5\nblue,2.5\n'))).rejects.toMatchObject({
      code: 'NO_NAME_COLUMN',
      message: expect.stringContaining('Map a column to name'),
    });
  });

  it('is refused when its quotes are hopeless, in bounded time', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `"host${index}" x,1`).join('\n');
    expect(await codeOf(csv(`name,ip\n${lines}\n`))).toBe('WRONG_FORMAT');
  });
});

describe('one line of 50 MB', () => {
  const length = 50 * 1024 * 1024;

  it('is refused or skipped within seconds and without 50 MB of memory', async () => {
    const before = process.memoryUsage().rss;
    expect(await codeOf(longSource('CSV', '', length, ''))).toBe('LINE_TOO_LONG');
    expect(await codeOf(longSource('JSON', '{"a":"', length, '"}'))).toBe('LINE_TOO_LONG');
    const sources = [
      longSource('CSV', 'name,ip\nx,10.0.0.1\n', length, ',10.0.0.2\ny,10.0.0.3\n'),
      longSource('JSON', '[{"name":"x"},{"a":"', length, '"},{"name":"y"}]'),
      longSource('JSON', '{"name":"x"}\n{"a":"', length, '"}\n{"name":"y"}\n'),
    ];
    for (const source of sources) {
      const read = await readAll(source);
      expect(read.records).toHaveLength(2);
      expect(read.rejected).toMatchObject([{ code: 'LINE_TOO_LONG' }]);
      expect(JSON.stringify(read.rejected).length).toBeLessThan(1_000);
    }
    const quoted = await readAll(longSource('CSV', 'name,ip\nx,10.0.0.1\n"', length, '\ny,10.0.0.3\n'));
    expect(quoted.records).toHaveLength(2);
    expect(quoted.rejected).toMatchObject([{ line: 3, code: 'BROKEN_QUOTE' }]);
    expect(process.memoryUsage().rss - before).toBeLessThan(100 * 1024 * 1024);
  });
});

describe('a bad row costs that row alone', () => {
  it('rejects rows with more cells than the header and lone cells, and fills rows that leave their last cells out', async () => {
    const read = await readAll(csv('name,ip,os\na,1\nb,1,2,3\nc,1,2\nd,1,2,,\ne\n'));
    expect(read.rejected).toMatchObject([
      { line: 3, code: 'RAGGED_ROW', raw: { name: 'b', 'column 4': '3' } },
      { line: 6, code: 'RAGGED_ROW', raw: { name: 'e' } },
    ]);
    expect(read.records.map(({ line }) => line)).toEqual([2, 4, 5]);
  });

  it('rejects the line of a quote that never closes, and reads on at the next', async () => {
    const read = await readAll(csv('name,ip\na,1\n"b,2\nc,3\n"d" x,4\ne,5\n'));
    expect(read.rejected).toMatchObject([
      { line: 3, code: 'BROKEN_QUOTE' },
      { line: 5, code: 'BROKEN_QUOTE' },
    ]);
    expect(read.records.map(({ values }) => values[0])).toEqual(['a', 'c', 'e']);
  });

  it('rejects broken UTF-8, NUL and half surrogates', async () => {
    const broken = Buffer.concat([
      Buffer.from('name,ip\na,1\nb'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(',2\nc'),
      Buffer.from([0xc3, 0x28]),
      Buffer.from(',3\nd,4\n'),
    ]);
    const read = await readAll(csv(broken));
    expect(read.rejected).toMatchObject([
      { line: 3, code: 'BROKEN_ENCODING' },
      { line: 4, code: 'BROKEN_ENCODING' },
    ]);
    expect(read.records.map(({ values }) => values[0])).toEqual(['a', 'd']);

    const mixed = Buffer.concat([
      Buffer.from('name,city\na,Köln\nb,'),
      Buffer.from([0xe2, 0x82]),
      Buffer.from('\nc,Zürich\n'),
    ]);
    expect((await readAll(csv(mixed))).rejected).toMatchObject([{ line: 3, code: 'BROKEN_ENCODING' }]);

    const rows = Array.from({ length: 300 }, (_, index) => `n${index},ok`).join('\n');
    const withNul = await readAll(csv(`name,note\n${rows}\nx,a\0b\n`));
    expect(withNul.rejected).toMatchObject([{ line: 302, code: 'BROKEN_ENCODING', raw: { note: 'a\uFFFDb' } }]);

    const escaped = await readAll(json('[{"name":"a\\u0000b"},{"name":"\\ud800"},{"name":"\\ud83d\\ude00"}]'));
    expect(escaped.rejected.map(({ code }) => code)).toEqual(['BROKEN_ENCODING', 'BROKEN_ENCODING']);
    expect(escaped.records).toHaveLength(1);
  });

  it('rejects JSON records that do not parse or are no objects', async () => {
    const lines = await readAll(json('{"name":"a"}\n{"name":\n{"name":"b"}\n17\n'));
    expect(lines.rejected).toMatchObject([
      { line: 2, code: 'INVALID_JSON', raw: { text: '{"name":' } },
      { line: 4, code: 'NOT_AN_OBJECT' },
    ]);
    const list = await readAll(json('[{"name":"a"},{"name":"b" "os"},"text",17,null,{"name":"c"}]'));
    expect(list.rejected).toMatchObject([
      { line: 2, code: 'INVALID_JSON' },
      { line: 3, code: 'NOT_AN_OBJECT' },
      { line: 4, code: 'NOT_AN_OBJECT' },
      { line: 5, code: 'NOT_AN_OBJECT' },
    ]);
    expect(list.records.map(({ line }) => line)).toEqual([1, 6]);
  });

  it('rejects formulas in mapped fields, and lets phone numbers and negative numbers be', async () => {
    const { assets, rejected } = await discover(
      csv(
        [
          'name,ip address,phone,balance,department',
          'ok-1,10.0.0.1,+49 30 1234567,-5,IT',
          '=1+1,10.0.0.2,,,IT',
          '"=HYPERLINK(""http://x"",""y"")",10.0.0.3,,,IT',
          '+cmd|calc,10.0.0.4,,,IT',
          '-2+3+cmd|calc,10.0.0.5,,,IT',
          '@SUM(A1:A2),10.0.0.6,,,IT',
          'ok-2,10.0.0.7,=A1,,IT',
        ].join('\n'),
      ),
    );
    expect(rejected.map(({ line, code }) => [line, code])).toEqual(
      [3, 4, 5, 6, 7].map((line) => [line, 'FORMULA_CELL']),
    );
    expect(assets.map(({ name }) => name)).toEqual(['ok-1', 'ok-2']);
  });

  it('rejects the second row of a key and says where the first is', async () => {
    const { assets, rejected } = await discover(csv('id,name\n1,a\n2,b\n1,a\n3,a\n'));
    expect(assets.map(({ line }) => line)).toEqual([2, 3, 5]);
    expect(rejected).toMatchObject([
      { line: 4, code: 'DUPLICATE_KEY', message: expect.stringContaining('line 2'), raw: { id: '1', name: 'a' } },
    ]);
    expect((await discover(csv('name,os\nWeb,Linux\nweb,Linux\n'))).rejected).toMatchObject([
      { line: 3, code: 'DUPLICATE_KEY' },
    ]);
  });

  it('rejects missing names and overlong cells, and keeps rows whose address or date cannot be read', async () => {
    const good = Array.from({ length: 20 }, (_, index) => `h${index},10.0.0.${index},2026-01-0${1 + (index % 9)}`);
    const bad = [
      ',10.1.0.1,2026-01-01',
      'n/a,10.1.0.2,2026-01-01',
      'x1,10.1.0.999,2026-01-01',
      'x2,10.1.0.3,2026-02-30',
      `${'y'.repeat(300)},10.1.0.4,2026-01-01`,
    ];
    const { assets, rejected } = await discover(csv(['name,ip,last seen', ...good, ...bad].join('\n')));
    expect(assets).toHaveLength(22);
    expect(assets.slice(20)).toMatchObject([
      { name: 'x1', ipAddress: null, attributes: { ip: '10.1.0.999' } },
      { name: 'x2', lastSeenAt: null, attributes: { 'last seen': '2026-02-30' } },
    ]);
    expect(rejected.map(({ code }) => code)).toEqual(['MISSING_NAME', 'MISSING_NAME', 'VALUE_TOO_LONG']);
    for (const row of rejected) {
      expect(row.message).toContain(`Line ${row.line}`);
      expect(JSON.stringify(row.raw).length).toBeLessThan(1_000);
    }
  });

  it('fails as a whole only when every row is bad, with the first reason', async () => {
    expect(await failure(csv('name,ip,os\na\nb\n'))).toMatchObject({
      code: 'NO_USABLE_ROWS',
      message: expect.stringContaining('line 2'),
    });
  });
});

describe('damaged sources', () => {
  /** A small generator with a seed, so that a failure can be met again. */
  function randomFrom(seed: number): (below: number) => number {
    let state = seed;
    return (below) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return (state >>> 8) % below;
    };
  }

  const originals: readonly ['CSV' | 'JSON', string][] = [
    [
      'CSV',
      'id,name,ip,owner email,last seen\n1,"web ""1""",10.0.0.1,a@x.example,2026-01-02\n2,"two\nlines",::1,b@x.example,03/04/2026\n3,café,10.0.0.3,,\n',
    ],
    [
      'JSON',
      '[{"id":"i-0123456789","name":"a","tags":[{"Key":"env","Value":"prod"}],"n":{"ip":"10.0.0.1"}},{"name":"\\u00e9\\ud83d\\ude00","x":[1,[2]]}]',
    ],
    ['JSON', '{"name":"a","ip":"10.0.0.1"}\n{"name":"b","d":{"e":null}}\n{"name":"c"}\n'],
    [
      'JSON',
      '{"count":2,"data":{"columns":[{"name":"name"},{"name":"ip"}],"rows":[["a","10.0.0.1"],["b",null]]},"z":"}"}',
    ],
    ['JSON', '{"Reservations":[{"Groups":[],"Instances":[{"InstanceId":"i-0123456789","State":{"Name":"running"}}]}]}'],
  ];

  it('end in rows, rejected rows or a coded error, and each reading gives the same', async () => {
    const interesting = Buffer.from('",;\n\r\t{}[]:\\=@+-\0\xff\xfe\xc3', 'latin1');
    const random = randomFrom(20_261_121);
    for (let round = 0; round < 1_500; round += 1) {
      const [format, text] = originals[round % originals.length]!;
      let bytes = Buffer.from(text);
      for (let edits = 1 + random(6); edits > 0; edits -= 1) {
        const at = random(bytes.length + 1);
        const inserted = random(2) === 0 ? [] : [interesting[random(interesting.length)]!];
        bytes = Buffer.concat([
          bytes.subarray(0, at),
          Buffer.from(inserted),
          bytes.subarray(Math.min(bytes.length, at + random(4))),
        ]);
      }
      const outcomes: string[] = [];
      for (const pieceBytes of [65_536, 1 + random(9)]) {
        const outcome = await discover(sourceOf(format, bytes, pieceBytes)).catch((error: unknown) => {
          if (!isSourceError(error))
            throw new Error(`round ${round}: ${JSON.stringify(bytes.toString('latin1'))}`, { cause: error });
          return { code: error.code, message: error.message };
        });
        outcomes.push(JSON.stringify(outcome));
      }
      expect(outcomes[0]).not.toMatch(/(?<!\\)\\(u0000|ud[89a-f])/);
      expect(outcomes[1]).toBe(outcomes[0]);
    }
  });
});
