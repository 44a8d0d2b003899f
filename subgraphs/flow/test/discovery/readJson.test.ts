import { describe, expect, it } from '@jest/globals';
import { json, readAll, rowsOf } from './sources.js';

const hosts = [
  { name: 'a', cpu: 2 },
  { name: 'b', cpu: 4 },
];

describe('reading JSON', () => {
  const layouts: Record<string, unknown> = {
    'an array': hosts,
    'an array of arrays': [[hosts[0]], [hosts[1]]],
    'JSON lines': hosts.map((host) => JSON.stringify(host)).join('\n'),
    'JSON lines with blank lines and Windows line ends': `\r\n${hosts.map((host) => JSON.stringify(host)).join('\r\n\r\n')}\r\n`,
    'objects one after another': hosts.map((host) => JSON.stringify(host, null, 2)).join('\n'),
    '{items}': { kind: 'List', metadata: { continue: '' }, items: hosts },
    '{data}': { data: hosts, page: 1 },
    '{value} as OData has it': { '@odata.context': 'x', value: hosts },
    '{results} as NetBox has it': { count: 2, next: null, previous: null, results: hosts },
    'an unknown key with a list of objects': { total: 2, gadgets: hosts },
    'a nested wrapper': { status: 'ok', response: { page: { n: 1 }, items: hosts } },
    DescribeInstances: {
      Reservations: [
        { ReservationId: 'r-1', Groups: [], Instances: [hosts[0]] },
        { Instances: [hosts[1]], OwnerId: '1' },
      ],
    },
    'a list of reservations': [
      { ReservationId: 'r-1', Groups: [], Instances: [hosts[0]] },
      { ReservationId: 'r-2', Instances: [hosts[1]] },
    ],
    'columns and rows': {
      totalRecords: 2,
      data: {
        columns: [{ name: 'name' }, { name: 'cpu' }],
        rows: [
          ['a', 2],
          ['b', 4],
        ],
      },
      facets: [],
    },
  };
  for (const [name, content] of Object.entries(layouts)) {
    it(`finds the records in ${name}, wherever the bytes are cut`, async () => {
      for (const size of [1, 2, 7, 65_536]) {
        const read = await readAll(json(content, size));
        expect(read.rejected).toEqual([]);
        expect(rowsOf(read)).toEqual(hosts);
      }
      if (typeof content !== 'string')
        expect(rowsOf(await readAll(json(JSON.stringify(content, null, 2), 5)))).toEqual(hosts);
    });
  }

  it('takes a single object as a source of one record', async () => {
    expect(rowsOf(await readAll(json({ name: 'a', disks: [{ size: 1 }] })))).toEqual([
      { name: 'a', 'disks.0.size': 1 },
    ]);
  });

  it('gives the line in JSON lines, and the number of the record otherwise', async () => {
    expect((await readAll(json('{"name":"a"}\n\n{"name":"b"}\n'))).records.map(({ line }) => line)).toEqual([1, 3]);
    expect((await readAll(json(JSON.stringify(hosts, null, 2)))).records.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('flattens objects to paths, pairs to tags, and lists of scalars to one cell', async () => {
    const read = await readAll(
      json([
        {
          State: { Code: 16, Name: 'running' },
          Tags: [
            { Key: 'Name', Value: 'web' },
            { Key: 'env', Value: 'prod' },
          ],
          ips: ['10.0.0.1', '10.0.0.2'],
          nics: [{ mac: 'x' }, { mac: 'y' }],
          disks: Array.from({ length: 6 }, (_, size) => ({ size })),
          started: {
            __class__: 'datetime',
            year: 2026,
            month: 3,
            day: 4,
            hour: 0,
            minute: 13,
            second: 36,
            microsecond: 0,
          },
          empty: null,
          none: [],
          on: false,
        },
      ]),
    );
    expect(rowsOf(read)).toEqual([
      {
        'State.Code': 16,
        'State.Name': 'running',
        'Tags.Name': 'web',
        'Tags.env': 'prod',
        ips: ['10.0.0.1', '10.0.0.2'],
        'nics.0.mac': 'x',
        'nics.1.mac': 'y',
        'disks.0.size': 0,
        'disks.1.size': 1,
        'disks.2.size': 2,
        'disks.3.size': 3,
        'disks.more': '[{"size":4},{"size":5}]',
        started: '2026-03-04T00:13:36.000Z',
        on: false,
      },
    ]);
  });

  it('keeps nesting and the number of columns bounded', async () => {
    const nested = (levels: number): string => `[{"name":"a","deep":${'{"in":'.repeat(levels)}1${'}'.repeat(levels)}}]`;
    const kept = await readAll(json(nested(50)));
    expect(kept.columns).toHaveLength(2);
    expect(kept.rejected).toEqual([]);
    for (const levels of [100, 5_000, 100_000]) {
      expect((await readAll(json(nested(levels)))).rejected).toMatchObject([{ code: 'TOO_DEEP' }]);
      expect(
        (await readAll(json(`[{"name":"\\u0000","list":${'['.repeat(levels)}${']'.repeat(levels)}}]`))).rejected,
      ).toHaveLength(1);
    }

    const changing = await readAll(
      json(Array.from({ length: 5_000 }, (_, index) => ({ name: `n${index}`, [`key${index}`]: index }))),
    );
    expect(changing.columns).toHaveLength(1_000);
    expect(changing.records).toHaveLength(5_000);
    expect(changing.records.at(-1)!.overflow).toEqual({ key4999: 4999 });
  });

  it('keeps keys that are names of object members harmless', async () => {
    const read = await readAll(json('[{"name":"a","__proto__":{"polluted":1},"constructor":"x","toString":"y"}]'));
    expect(read.columns).toEqual(['name', '__proto__.polluted', 'constructor', 'toString']);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
