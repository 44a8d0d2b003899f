import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Principal } from '@tributary/contracts/principal';
import { startImportWorld } from './importWorld.js';
import type { ImportOutcome, ImportWorld } from './importWorld.js';

let world: ImportWorld;
let principal: Principal;

beforeAll(async () => {
  world = await startImportWorld();
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

function importCsv(lines: readonly string[], file = 'machines.csv'): Promise<ImportOutcome> {
  return world.import(principal, { file, bytes: Buffer.from(lines.join('\n')), format: 'CSV' });
}

const findingsQuery = `query ($id: ID!) { flow(id: $id) { discovery { rowsValid rowsRejected assetsCreated assetsUpdated findings { code count } } } }`;

async function reportOf(id: string): Promise<any> {
  return (await world.ask('flow', principal, findingsQuery, { id })).flow.discovery;
}

const listQuery = '{ assets(first: 100) { nodes { name kind department hostname ipAddress externalId scope } } }';

async function inventory(): Promise<Record<string, unknown>[]> {
  return (await world.ask('asset', principal, listQuery)).assets.nodes;
}

/** Imports twice, and answers what stands in the inventory; the second time must change nothing. */
async function importTwice(lines: readonly string[]) {
  principal = world.newPrincipal();
  const first = await importCsv(lines);
  const before = await inventory();
  const again = await importCsv(lines);
  expect(await inventory()).toEqual(before);
  const [report, rerun] = [await reportOf(first.flowId), await reportOf(again.flowId)];
  expect([rerun.assetsCreated, rerun.rowsRejected]).toEqual([0, report.rowsRejected]);
  expect(report.assetsCreated).toBe(report.rowsValid);
  return { assets: before, report };
}

describe('rows that share a key and differ are assets of their own, at every import, and the report says so', () => {
  test('a name of two machines at two addresses', async () => {
    const { assets, report } = await importTwice([
      'Name,Type,IP',
      'web,Server,10.0.0.1',
      'web,Server,10.0.0.2',
      'db,Server,10.0.0.3',
    ]);
    expect(assets.map(({ name, ipAddress }) => [name, ipAddress]).sort()).toEqual([
      ['db', '10.0.0.3'],
      ['web', '10.0.0.1'],
      ['web', '10.0.0.2'],
    ]);
    expect(report.findings).toContainEqual({ code: 'KEPT_APART', count: 1 });
  });

  test('a name of a server and of an application', async () => {
    const { assets } = await importTwice(['Name,Type', 'shop,Application', 'shop,Server', 'db,Database']);
    expect(assets.map(({ name, kind }) => `${name as string} ${kind as string}`).sort()).toEqual([
      'db DATABASE',
      'shop APPLICATION',
      'shop SERVER',
    ]);
  });

  test('an id that two machines have', async () => {
    const { assets, report } = await importTwice([
      'Name,Asset ID,IP',
      'a,A-100,10.0.0.1',
      'b,A-100,10.0.0.2',
      'c,A-101,10.0.0.3',
    ]);
    expect(assets.map(({ name, externalId }) => [name, externalId]).sort()).toEqual([
      ['a', 'A-100'],
      ['b', 'A-100'],
      ['c', 'A-101'],
    ]);
    expect(report.findings).toContainEqual({ code: 'KEPT_APART', count: 1 });
  });

  test('an id that more than three machines have is none', async () => {
    const rows = Array.from(
      { length: 24 },
      (_, n) => `m${n},${n < 4 ? 'SN4711CHASSIS' : `SN${7000 + n}OWN`},10.0.0.${n}`,
    );
    const { assets, report } = await importTwice(['Name,Asset ID,IP', ...rows]);
    expect(assets).toHaveLength(24);
    const without = assets.filter(({ externalId }) => externalId === null).map(({ name }) => name);
    expect(without).toEqual(['m0', 'm1', 'm2', 'm3']);
    expect(report.findings).toContainEqual({ code: 'SHARED_ID', count: 1 });
  });

  test('rows that say the same are one, and the others are rejected as before', async () => {
    const { assets, report } = await importTwice(['Name,Type,IP', 'web,Server,10.0.0.1', 'web,Server,10.0.0.1']);
    expect([assets.length, report.rowsRejected]).toEqual([1, 1]);
  });
});

test('a UUID is the same with braces, in capitals and as a URN', async () => {
  principal = world.newPrincipal();
  const id = '4C4C4544-0052-4A10-8059-B7C04F4A5A32';
  for (const form of [id, `{${id.toLowerCase()}}`, `urn:uuid:${id}`])
    await importCsv(['Name,UUID,Type', `web,${form},Server`], `${form.length}.csv`);
  expect(await inventory()).toHaveLength(1);
});

test('a second export with ids does not double the first', async () => {
  principal = world.newPrincipal();
  await importCsv(['Name,Type,IP', 'web,Server,10.0.0.1', 'db,Server,10.0.0.2'], 'by-name.csv');
  await importCsv(['Hostname,Serial,IP', 'web,SN4711ABCD,10.0.0.1', 'db,SN4712ABCD,10.0.0.2'], 'by-serial.csv');
  expect((await inventory()).map(({ name, externalId }) => [name, externalId])).toEqual([
    ['db', 'SN4712ABCD'],
    ['web', 'SN4711ABCD'],
  ]);
});

describe('a serial number or UUID beside the id is a key, too', () => {
  const names = async () => (await inventory()).map(({ name }) => name).sort();

  test('two systems that call a machine otherwise, and have it under ids of their own, have one machine', async () => {
    principal = world.newPrincipal();
    await importCsv(
      ['Device ID,Name,Type,IP,Serial Number', '17,web,Server,10.0.0.1,7CK3X2J', '18,db,Server,10.0.0.2,CZJ1234567'],
      'cmdb.csv',
    );
    const moved = [
      'Asset Tag,Hostname,Class,Address,Service Tag',
      'A-1,web-new,Server,10.9.0.1,7ck3x2j',
      'A-2,db-new,Server,10.9.0.2,CZJ1234567',
      'A-3,mail,Server,10.9.0.3,CZJ7654321',
    ];
    await importCsv(moved, 'scan.csv');
    expect(await names()).toEqual(['db-new', 'mail', 'web-new']);
    const { flowId } = await importCsv(moved, 'scan.csv');
    expect(await reportOf(flowId)).toMatchObject({ assetsCreated: 0, assetsUpdated: 3 });
    // A third source that has nothing but serial numbers.
    await importCsv(['Serial,Department', '7CK3X2J,Shop', 'CZJ7654321,Post'], 'warranty.csv');
    expect(await names()).toEqual(['db-new', 'mail', 'web-new']);
    expect((await inventory()).map(({ department }) => department)).toEqual([null, 'Post', 'Shop']);
  });

  test('a UUID is one however it is written', async () => {
    principal = world.newPrincipal();
    const uuid = '4C4C4544-0052-4A10-8059-B7C04F4A5A32';
    await importCsv(['VM ID,VM,BIOS UUID', `vm-17,web,${uuid}`], 'vcenter.csv');
    await importCsv(['Computer ID,Computer Name,UUID', `901,web01,{${uuid.toLowerCase()}}`], 'agent.csv');
    expect(await names()).toEqual(['web01']);
  });

  test('one that several names have, a placeholder, a bare number and a licence key are none', async () => {
    const { assets, report } = await importTwice([
      'ID,Name,Type,IP,Serial Number',
      '1,blade-1,Server,10.0.0.1,CHASSIS4711',
      '2,blade-2,Server,10.0.0.2,CHASSIS4711',
      '3,lab-1,Server,10.0.0.3,To Be Filled By O.E.M.',
      '4,lab-2,Server,10.0.0.4,To Be Filled By O.E.M.',
      '5,desk-1,Server,10.0.0.5,1234567',
      '6,office,Application,,ABCDE-12345-FGHIJ',
    ]);
    expect(assets).toHaveLength(6);
    expect(report.findings).toContainEqual({ code: 'SHARED_ID', count: 1 });
    await importCsv(
      [
        'Nr,Device,Type,Serial',
        'x-1,other-1,Server,CHASSIS4711',
        'x-2,other-2,Server,To Be Filled By O.E.M.',
        'x-3,other-3,Server,1234567',
        'x-4,suite,Application,ABCDE-12345-FGHIJ',
      ],
      'others.csv',
    );
    expect(await names()).toHaveLength(10);
  });
});
