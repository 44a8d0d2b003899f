import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startImportWorld } from './importWorld.js';
import type { ImportWorld } from './importWorld.js';

let world: ImportWorld;

beforeAll(async () => {
  world = await startImportWorld();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

test('odd addresses and dates, and ids that a spreadsheet cut short, cost no row and stand among the findings', async () => {
  const rows = [
    'serial number,name,ip address,last seen',
    '1.23E+15,web-1,see ticket,2026-11-20',
    'ABC12345,web-2,10.0.0.2,the other day',
    'ABC12346,web-3,10.0.0.3,2026-11-21',
    'ABC12347,web-4,10.0.0.4,2026-11-22',
  ];
  const file = { file: 'odd.csv', bytes: Buffer.from(rows.join('\n')), format: 'AUTO' };
  const { status, assets, discovery } = await world.import(world.newPrincipal(), file);
  expect(status).toBe('SUCCEEDED');
  expect(discovery['rowsRejected']).toBe(0);
  expect(discovery['findings']).toEqual(
    expect.arrayContaining([
      { code: 'MANGLED_NUMBER', count: 1, sample: 'line 2' },
      { code: 'ODD_ADDRESS', count: 1, sample: 'line 2' },
      { code: 'ODD_DATE', count: 1, sample: 'line 3' },
    ]),
  );
  const odd = assets.find(({ name }) => name === 'web-1')!;
  expect(odd['externalId']).toBeNull();
  expect(odd['attributes']).toMatchObject({ 'ip address': 'see ticket', 'serial number': '1.23E+15' });
});

test('a list of connections makes the assets that it names, and counts those of which it has no more than an id or an address', async () => {
  const principal = world.newPrincipal();
  const list = Buffer.from('name,ip\nweb-1,10.0.0.1\nweb-2,10.0.0.2\n');
  await world.import(principal, { file: 'list.csv', bytes: list, format: 'AUTO' });
  const connections = Buffer.from(
    'source,target\nweb-1,web-2\nweb-1,mail\nweb-1,10.9.9.9\n6816f79cc0a8016401c5a33be04be441,web-2\n',
  );
  const { discovery, assets } = await world.import(principal, {
    file: 'connections.csv',
    bytes: connections,
    format: 'AUTO',
  });
  expect(discovery['findings']).toContainEqual({ code: 'UNRESOLVED_END', count: 2, sample: null });
  expect(assets.map(({ name, kind }) => [name, kind])).toEqual([['mail', 'OTHER']]);
});
