import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { workbookBuffer, zipBuffer } from '@tributary/kit/sources';
import { startImportWorld } from './importWorld.js';
import type { ImportWorld } from './importWorld.js';

let world: ImportWorld;

beforeAll(async () => {
  world = await startImportWorld();
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const sheets = [
  {
    name: 'Servers',
    rows: [
      ['Name', 'IP', 'Runs on'],
      ['web-1', '10.0.0.1', 'host-1'],
      ['web-2', '10.0.0.300', 'host-1'],
    ],
  },
  {
    name: 'Hosts',
    rows: [
      ['Name', 'IP'],
      ['host-1', '10.0.1.1'],
    ],
  },
  {
    name: 'Notes',
    rows: [
      ['Rack', 'Remark'],
      [1, 'Made by hand'],
      [1, 'Do not change'],
    ],
  },
];

test('a workbook becomes the assets of its sheets, with the edges between them', async () => {
  const principal = world.newPrincipal();
  const file = { file: 'estate.xlsx', bytes: await workbookBuffer(sheets), format: 'AUTO' };
  const { status, failure, assets, discovery } = await world.import(principal, file);
  expect({ status, failure }).toEqual({ status: 'SUCCEEDED', failure: null });
  expect(discovery['sourceFormat']).toBe('XLSX');
  const found = assets.map(({ name, dependencies }) => [name, dependencies.nodes.map((edge: any) => edge.to.name)]);
  expect(found.sort()).toEqual([
    ['host-1', []],
    ['web-1', ['host-1']],
    ['web-2', ['host-1']],
  ]);
  expect(discovery['findings']).toContainEqual({ code: 'SHEET_LEFT_OUT', count: 1, sample: 'Notes' });
  expect(discovery['columns'].nodes).toContainEqual(
    expect.objectContaining({ path: 'Hosts!Name', sheet: 'Hosts', became: 'name' }),
  );
  const again = await world.import(principal, file);
  expect(again.totalCount).toBe(assets.length);
});

test('one sheet of it is read when one is asked for, and what cannot be read is refused before a flow is there', async () => {
  const principal = world.newPrincipal();
  const bytes = await workbookBuffer(sheets);
  const { assets } = await world.import(principal, { file: 'estate.xlsx', bytes, format: 'XLSX', sheet: 'hosts' });
  expect(assets.map(({ name }) => name)).toEqual(['host-1']);

  const refused = async (given: { bytes: Uint8Array; format?: string; sheet?: string; encoding?: string }) => {
    const error = await world
      .import(principal, { file: 'refused', format: 'AUTO', ...given })
      .then(() => new Error('[{}]'))
      .catch((thrown: Error) => thrown);
    const [{ extensions }] = JSON.parse(error.message) as [{ extensions?: any }];
    return [extensions?.code, extensions?.details.field, extensions?.details.reason];
  };
  const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_000)]);
  const upload = 'source.uploadId';
  expect(await refused({ bytes, sheet: 'Nothing' })).toEqual(['INVALID_INPUT', 'source.sheet', 'NO_SUCH_SHEET']);
  expect(await refused({ bytes, format: 'CSV' })).toEqual(['INVALID_INPUT', upload, 'WRONG_FORMAT']);
  expect(await refused({ bytes: compound })).toEqual(['INVALID_INPUT', upload, 'OLD_WORKBOOK']);
  expect(await refused({ bytes: Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')]) })).toEqual([
    'INVALID_INPUT',
    upload,
    'ENCRYPTED_SOURCE',
  ]);
  const ods = await zipBuffer({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet' });
  expect(await refused({ bytes: ods })).toEqual(['INVALID_INPUT', upload, 'OPEN_DOCUMENT']);
  const csv = Buffer.from('name,ip\nweb-1,10.0.0.1\n');
  expect(await refused({ bytes: csv, format: 'XLSX' })).toEqual(['INVALID_INPUT', upload, 'WRONG_FORMAT']);
  expect(await refused({ bytes: csv, sheet: 'Servers' })).toEqual(['INVALID_INPUT', 'source.sheet', 'NO_SUCH_SHEET']);
  expect(await refused({ bytes: csv, encoding: 'utf-99' })).toEqual(['INVALID_INPUT', 'source.encoding', undefined]);

  const inline = { name: 'x', source: { name: 'x.xlsx', format: 'XLSX', content: 'PK' } };
  await expect(
    world.ask(
      'flow',
      principal,
      'mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }',
      {
        input: inline,
      },
    ),
  ).rejects.toThrow('WORKBOOK_INLINE');
});

test('an encoding that a person gives wins over what would be found', async () => {
  const bytes = Buffer.from('name,ip\ncaf\xe9-1,10.0.0.1\n', 'latin1');
  const given = { file: 'a.csv', bytes, format: 'AUTO', encoding: 'iso-8859-7' };
  const { assets, discovery } = await world.import(world.newPrincipal(), given);
  expect(assets.map(({ name }) => name)).toEqual(['cafι-1']);
  expect(discovery['encoding']).toBe('iso-8859-7');
});
