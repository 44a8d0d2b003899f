import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { workbookBuffer, zipBuffer } from '@tributary/kit/sources';
import type { WorkbookCell, WorkbookSheet } from '@tributary/kit/sources';
import { openSource } from '../../src/domain/discovery/index.js';
import { Readable } from 'node:stream';
import { discoverAll, failure, readAll, rowsOf, sourceOf } from './sources.js';

const auto = (content: Uint8Array) => sourceOf('AUTO', content);
const servers: WorkbookCell[][] = [
  ['Name', 'IP address', 'vCPU', 'Last seen'],
  ['web-1', '10.0.0.1', 4, new Date('2026-03-01T10:30:00Z')],
  ['web-2', '10.0.0.2', 8, new Date('2026-03-02T00:00:00Z')],
];
const book = (...sheets: WorkbookSheet[]) => workbookBuffer(sheets);
const only = (bytes: Uint8Array, sheet: string) =>
  openSource({ format: 'AUTO', sheet, open: () => Readable.from([bytes]) });

describe('a workbook', () => {
  it.each([
    ['texts in a list of their own', {}],
    ['texts in its cells', { sharedStrings: false }],
    ['prefixed elements', { prefix: 'x' }],
  ])('is read like a table: %s', async (_, options) => {
    const { profile, assets, rejected } = await discoverAll(
      auto(await workbookBuffer([{ name: 'Servers', rows: servers }], options)),
    );
    expect(profile).toMatchObject({ format: 'XLSX', rows: 2 });
    expect(profile.sheets).toBeUndefined();
    expect(rejected).toEqual([]);
    expect(assets).toMatchObject([
      { name: 'web-1', ipAddress: '10.0.0.1', lastSeenAt: '2026-03-01T10:30:00.000Z', attributes: { cpuCount: 4 } },
      { name: 'web-2', ipAddress: '10.0.0.2', lastSeenAt: '2026-03-02T00:00:00.000Z', attributes: { cpuCount: 8 } },
    ]);
  });

  it('has its titles, merged cells, errors and formulas understood', async () => {
    const rows: WorkbookCell[][] = [
      ['Server inventory of the data centre'],
      [],
      ['Site', 'Name', 'IP', 'Memory GB', 'Owner'],
      ['Hamburg', 'db-1', '10.1.0.1', { formula: 'D9*2', value: 64 }, { error: '#N/A' }],
      [null, 'db-2', '10.1.0.2', { formula: 'D9' }, 'ann@corp.example'],
      ['Bremen', 'db-3', '10.1.0.3', 16, { formula: 'E5', value: 'bob@corp.example' }],
    ];
    const source = auto(await book({ name: 'All', rows, merged: ['A1:E1', 'A4:A5'] }));
    expect(rowsOf(await readAll(source))).toEqual([
      { Site: 'Hamburg', Name: 'db-1', IP: '10.1.0.1', 'Memory GB': '64' },
      { Site: 'Hamburg', Name: 'db-2', IP: '10.1.0.2', Owner: 'ann@corp.example' },
      { Site: 'Bremen', Name: 'db-3', IP: '10.1.0.3', 'Memory GB': '16', Owner: 'bob@corp.example' },
    ]);
    expect(source.facts().notes.map(({ code, count }) => [code, count])).toEqual([
      ['CELL_ERROR', 1],
      ['FORMULA_WITHOUT_VALUE', 1],
      ['PREAMBLE', 1],
    ]);
  });

  it('of several sheets has each recognised alone, and reports hidden, empty and nameless ones', async () => {
    const bytes = await book(
      {
        name: 'vInfo',
        rows: [
          ['VM', 'Powerstate', 'Template', 'DNS Name', 'CPUs', 'Memory', 'Primary IP Address', 'Host', 'VM UUID'],
          [
            'app-1',
            'poweredOn',
            'False',
            'app-1.corp.example',
            2,
            4096,
            '10.2.0.1',
            'esx-1',
            '42000000-0000-4000-8000-000000000001',
          ],
          [
            'app-2',
            'poweredOff',
            'False',
            'app-2.corp.example',
            2,
            4096,
            '10.2.0.2',
            'esx-1',
            '42000000-0000-4000-8000-000000000002',
          ],
        ],
      },
      {
        name: 'vDisk',
        rows: [
          ['VM', 'Disk', 'Capacity MiB'],
          ['app-1', 'Hard disk 1', 40960],
          ['app-1', 'Hard disk 2', 81920],
          ['app-2', 'Hard disk 1', 40960],
        ],
      },
      {
        name: 'vHost',
        rows: [
          ['Host', 'Datacenter', 'Cluster', 'CPU Model', '# CPU', 'ESX Version'],
          ['esx-1', 'Hamburg', 'c-1', 'Xeon', 2, 'VMware ESXi 8.0.2'],
        ],
      },
      { name: 'Secret', state: 'hidden', rows: [['Name'], ['nobody']] },
      { name: 'Sheet5', rows: [] },
      {
        name: 'vMetaData',
        rows: [
          ['RVTools version', 'xlsx creation'],
          ['4.4', '2026-03-01'],
        ],
      },
    );
    const { assets, dependencies, profile, mappings } = await discoverAll(auto(bytes));
    expect(assets.map(({ name, kind }) => [name, kind])).toEqual([
      ['app-1', 'VIRTUAL_MACHINE'],
      ['app-2', 'VIRTUAL_MACHINE'],
      ['esx-1', 'SERVER'],
    ]);
    expect(dependencies.filter(({ kind }) => kind === 'runs_on').map(({ from, to }) => [from.text, to.text])).toEqual([
      ['app-1', 'esx-1'],
      ['app-2', 'esx-1'],
    ]);
    expect(profile.sheets!.map(({ name, recognised }) => [name, recognised?.id])).toEqual([
      ['vInfo', 'rvtools-vinfo'],
      ['vDisk', undefined],
      ['vHost', 'rvtools-vhost'],
      ['vMetaData', undefined],
    ]);
    expect(profile.notes.map(({ code, samples }) => [code, samples])).toEqual(
      expect.arrayContaining([
        ['SHEET_HIDDEN', ['Secret']],
        ['SHEET_EMPTY', ['Sheet5']],
      ]),
    );
    expect(mappings.find(({ sourceField }) => sourceField === 'vDisk!Disk')!.reason).toContain('details of the assets');
  });

  it('says which sheet a rejected row is on, and never gives two rows one line', async () => {
    const rows = (prefix: string) => [
      ['Name', 'IP'],
      [`${prefix}-1`, '10.0.0.1'],
      [`${prefix}-1`, '10.0.0.1'],
    ];
    const { rejected } = await discoverAll(
      auto(await book({ name: 'One', rows: rows('a') }, { name: 'Two', rows: rows('b') })),
    );
    expect(rejected).toMatchObject([
      { line: 3, message: expect.stringMatching(/^One: Line 3 /) },
      { line: 6, message: expect.stringMatching(/^Two: Line 3 /) },
    ]);
  });

  it('is read one sheet only when one is asked for, hidden or not', async () => {
    const bytes = await book(
      { name: 'Servers', rows: servers },
      { name: 'Old', state: 'veryHidden', rows: [['Name'], ['gone-1']] },
    );
    expect(rowsOf(await readAll(only(bytes, 'old')))).toEqual([{ Name: 'gone-1' }]);
    expect(await failure(only(bytes, 'Databases'))).toMatchObject({
      code: 'NO_SUCH_SHEET',
      message: expect.stringContaining('Servers, Old'),
    });
  });
});

describe('an archive', () => {
  it('is read file by file, workbooks among them', async () => {
    const bytes = await zipBuffer({
      'export/servers.csv': 'name,ip\nweb-1,10.0.0.1\n',
      '__MACOSX/._servers.csv': 'x',
      'export/databases.json': JSON.stringify([{ name: 'db-1', ip: '10.0.0.2' }]),
      'export/more.xlsx': await book({
        name: 'Servers',
        rows: servers.map((row) => row.map((cell) => (cell === 'web-1' ? 'web-9' : cell))),
      }),
      'export/logo.png': Buffer.from('89504e470d0a1a0a0000', 'hex'),
    });
    const { assets, profile } = await discoverAll(auto(bytes));
    expect(assets.map(({ name }) => name)).toEqual(['web-1', 'db-1', 'web-9', 'web-2']);
    expect(profile.notes).toMatchObject([{ code: 'SHEET_UNREADABLE', samples: ['export/logo.png'] }]);
  });

  it('of one file is that file, and a packed workbook is a workbook', async () => {
    const csv = await zipBuffer({ 'servers.csv': 'name,ip\nweb-1,10.0.0.1\n' });
    expect(rowsOf(await readAll(auto(csv)))).toEqual([{ name: 'web-1', ip: '10.0.0.1' }]);
    expect((await readAll(auto(gzipSync(await book({ name: 'S', rows: servers }))))).records).toHaveLength(2);
  });

  it('is refused when it is nested, too large, encrypted, damaged, or no source at all', async () => {
    const zip = await zipBuffer({ 'a.csv': 'name\nweb-1\n' });
    expect(await failure(auto(await zipBuffer({ 'a.zip': zip })))).toMatchObject({ code: 'NESTED_ARCHIVE' });
    expect(await failure(auto(await zipBuffer({ 'a.csv.gz': gzipSync('name\nweb-1\n') })))).toMatchObject({
      code: 'NESTED_ARCHIVE',
    });
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`${n}.csv`, 'name\nweb-1\n']));
    expect(await failure(auto(await zipBuffer(many)))).toMatchObject({ code: 'ARCHIVE_TOO_LARGE' });
    expect(await failure(auto(await zipBuffer({ 'a.csv': Buffer.alloc(40_000_000, 'a,b\n') })))).toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
    });
    expect(await failure(auto(zip.subarray(0, 60)))).toMatchObject({ code: 'TRUNCATED_SOURCE' });
    const locked = Buffer.from(zip);
    for (const mark of ['PK\x03\x04', 'PK\x01\x02']) {
      const at = locked.indexOf(mark) + (mark.endsWith('\x04') ? 6 : 8);
      locked.writeUInt16LE(locked.readUInt16LE(at) | 1, at);
    }
    expect(await failure(auto(locked))).toMatchObject({ code: 'ENCRYPTED_SOURCE' });
    expect(
      await failure(auto(await zipBuffer({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet' }))),
    ).toMatchObject({
      code: 'OPEN_DOCUMENT',
    });
    const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2_000)]);
    expect(await failure(auto(compound))).toMatchObject({ code: 'OLD_WORKBOOK' });
    expect(await failure(auto(Buffer.concat([compound, Buffer.from('EncryptedPackage', 'utf16le')])))).toMatchObject({
      code: 'ENCRYPTED_SOURCE',
    });
  });
});
