import { describe, expect, it } from '@jest/globals';
import { csv, readAll, rowsOf } from './sources.js';

const people = [
  { name: 'web-1', city: 'Köln', note: 'a, "quoted" note' },
  { name: 'db-1', city: 'Łódź', note: 'two\nlines' },
];

function write(delimiter: string, newline = '\n'): string {
  const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  return (
    ['name', 'city', 'note'].join(delimiter) +
    newline +
    people.map((row) => [row.name, row.city, quote(row.note)].join(delimiter)).join(newline) +
    newline
  );
}

describe('reading CSV', () => {
  for (const [name, delimiter] of [
    ['comma', ','],
    ['semicolon', ';'],
    ['tab', '\t'],
    ['pipe', '|'],
  ] as const) {
    it(`finds the delimiter ${name}, and keeps quotes and line breaks inside cells`, async () => {
      expect(rowsOf(await readAll(csv(write(delimiter))))).toEqual(people);
      expect(rowsOf(await readAll(csv(write(delimiter, '\r\n'))))).toEqual(people);
    });
  }

  it('reads the same rows wherever the bytes are cut', async () => {
    const text = `﻿${write(';', '\r\n')}x;y;"z"\r\n`;
    const whole = await readAll(csv(text));
    for (const size of [1, 2, 3, 5, 7, 11, 64]) expect(await readAll(csv(text, size))).toEqual(whole);
    expect(whole.records).toHaveLength(3);
  });

  it('obeys the sep= line of Excel', async () => {
    const read = await readAll(csv('sep=|\r\nname|a,b,c\r\nx|1,2,3\r\n'));
    expect(rowsOf(read)).toEqual([{ name: 'x', 'a,b,c': '1,2,3' }]);
    expect(read.records[0]!.line).toBe(3);
  });

  it('reads UTF-8, UTF-16 in both orders with and without a byte order mark, and Windows-1252', async () => {
    const text = 'name;city\r\nmünchen-01;Größe café\r\nzürich-02;ÉCOLE\r\n';
    const expected = [
      { name: 'münchen-01', city: 'Größe café' },
      { name: 'zürich-02', city: 'ÉCOLE' },
    ];
    const little = Buffer.from(text, 'utf16le');
    const big = Buffer.from(little).swap16();
    const variants = [
      Buffer.from(text),
      Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)]),
      Buffer.concat([Buffer.from([0xff, 0xfe]), little]),
      Buffer.concat([Buffer.from([0xfe, 0xff]), big]),
      little,
      big,
      Buffer.from(text, 'latin1'),
    ];
    for (const bytes of variants) {
      expect(rowsOf(await readAll(csv(bytes)))).toEqual(expected);
      expect(rowsOf(await readAll(csv(bytes, 3)))).toEqual(expected);
    }
  });

  it('decides for Windows-1252 also when its first letter comes long after the beginning', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `host-${index},ok`).join('\n');
    const bytes = Buffer.concat([Buffer.from(`name,city\n${rows}\n`), Buffer.from('caf\xe9,M\xfcnchen\n', 'latin1')]);
    for (const size of [1_000, 65_536, 1_000_000]) {
      const read = await readAll(csv(bytes, size));
      expect(read.rejected).toEqual([]);
      expect(read.records.at(-1)!.values).toEqual(['café', 'München']);
    }
  });

  it('names duplicate and blank headers, and skips blank lines', async () => {
    const read = await readAll(csv('\n  \nName,,Name,Name\n\na,b,c,d\n,,,\n\ne,f,g,h'));
    expect(read.columns).toEqual(['Name', 'column 2', 'Name (2)', 'Name (3)']);
    expect(read.records.map(({ line }) => line)).toEqual([5, 8]);
  });

  it('gives the line that a record starts on, also after cells of several lines', async () => {
    const read = await readAll(csv('name,note\na,"1\n2\n3"\nb,x\n'));
    expect(read.records.map(({ line }) => line)).toEqual([2, 5]);
  });

  it('takes quotes inside unquoted cells as they are', async () => {
    expect(rowsOf(await readAll(csv('name,size\nrack,19" wide\ntv,5"\n')))).toEqual([
      { name: 'rack', size: '19" wide' },
      { name: 'tv', size: '5"' },
    ]);
  });

  it('reads one column, old Mac line ends, and a last line without an end', async () => {
    expect(rowsOf(await readAll(csv('hostname\na\nb')))).toEqual([{ hostname: 'a' }, { hostname: 'b' }]);
    expect(rowsOf(await readAll(csv('name,ip\ra,1\rb,2')))).toEqual([
      { name: 'a', ip: '1' },
      { name: 'b', ip: '2' },
    ]);
  });

  it('reads lines without a delimiter as fast as others, also a long stretch of them behind an open quote', async () => {
    const started = performance.now();
    let rejected = 0;
    for await (const batch of csv(`name,ip,os\n"${'x\n'.repeat(400_000)}`).batches()) {
      // Callers pass a batch on as arguments, of which there may not be too many.
      expect(batch.rejected.length).toBeLessThanOrEqual(1_000);
      rejected += batch.rejected.length;
    }
    expect(rejected).toBe(400_000);
    // A second on a slow machine; a minute when every line searches all that follows it.
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('hands out batches of the size asked for, and counts the bytes', async () => {
    const text = `name\n${Array.from({ length: 2_500 }, (_, index) => `n${index}`).join('\n')}\n`;
    const sizes: number[] = [];
    let bytes = 0;
    for await (const batch of csv(text).batches({ batchRecords: 1_000 })) {
      sizes.push(batch.records.length);
      bytes = batch.bytesRead;
    }
    expect(sizes).toEqual([1_000, 1_000, 500]);
    expect(bytes).toBe(text.length);
  });

  it('closes the stream when the reader leaves early', async () => {
    const { Readable } = await import('node:stream');
    const { openSource } = await import('../../src/domain/discovery/index.js');
    const stream = Readable.from(
      (function* () {
        yield Buffer.from('name\n');
        for (;;) yield Buffer.from('x\n'.repeat(50_000));
      })(),
      { objectMode: false },
    );
    for await (const batch of openSource({ format: 'CSV', open: () => stream }).batches()) {
      expect(batch.records).toHaveLength(1_000);
      break;
    }
    expect(stream.destroyed).toBe(true);
  });
});
