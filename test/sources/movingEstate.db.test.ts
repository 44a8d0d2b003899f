import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Principal } from '@tributary/contracts/principal';
import { startImportWorld } from './importWorld.js';
import type { ImportWorld } from './importWorld.js';

let world: ImportWorld;

beforeAll(async () => {
  world = await startImportWorld();
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const estateQuery = `{ assets(first: 100) { nodes { name status missingSince sources { source }
  dependencies(direction: OUTGOING, first: 100) { nodes { kind to { name } saidBy { source } } } } } }`;

interface Estate {
  readonly assets: {
    readonly nodes: readonly {
      readonly name: string;
      readonly status: string;
      readonly missingSince: string | null;
      readonly sources: readonly { source: string }[];
      readonly dependencies: {
        readonly nodes: readonly { kind: string; to: { name: string }; saidBy: readonly { source: string }[] }[];
      };
    }[];
  };
}

/** A line for each asset: `vm-a ACTIVE (vms, cmdb): runs_on esx1 (vms)`. */
async function estate(principal: Principal): Promise<string[]> {
  const { assets }: Estate = await world.ask('asset', principal, estateQuery);
  const said = (by: readonly { source: string }[]) =>
    `(${by
      .map(({ source }) => source.replace('.csv', ''))
      .sort()
      .join(', ')})`;
  return assets.nodes.map(({ name, status, missingSince, sources, dependencies }) => {
    const edges = dependencies.nodes.map(({ kind, to, saidBy }) => `${kind} ${to.name} ${said(saidBy)}`).sort();
    const missing = missingSince === null ? '' : ' missing';
    return `${name} ${status}${missing} ${said(sources)}${edges.length === 0 ? '' : `: ${edges.join(', ')}`}`;
  });
}

test('a machine moves, a connection ends, an asset disappears and comes back, over six imports of two sources', async () => {
  const principal = world.newPrincipal();
  const vms = (lines: readonly string[]) =>
    world.import(principal, {
      file: 'vms.csv',
      bytes: Buffer.from(['Name,Type,Status,Runs On,Depends On', ...lines].join('\n')),
      format: 'CSV',
      coverage: 'COMPLETE',
    });
  await vms([
    'vm-a,Virtual Machine,active,esx1,db',
    'vm-b,Virtual Machine,active,esx1,',
    'vm-c,Virtual Machine,stopped,esx2,db',
    'esx1,Server,active,,',
    'esx2,Server,active,,',
    'db,Database,active,,',
  ]);
  await world.import(principal, {
    file: 'cmdb.csv',
    bytes: Buffer.from(
      'CI Name,Class,Department,Depends On\nvm-a,Virtual Machine,Shop,db\nvm-b,Virtual Machine,Shop,\ndb,Database,Shop,\n',
    ),
    format: 'CSV',
  });
  expect(await estate(principal)).toEqual([
    'db ACTIVE (cmdb, vms)',
    'esx1 ACTIVE (vms)',
    'esx2 ACTIVE (vms)',
    'vm-a ACTIVE (cmdb, vms): depends_on db (cmdb, vms), runs_on esx1 (vms)',
    'vm-b ACTIVE (cmdb, vms): runs_on esx1 (vms)',
    'vm-c INACTIVE (vms): depends_on db (vms), runs_on esx2 (vms)',
  ]);

  // vm-a has moved, and depends on nothing more as far as this source knows; vm-b and vm-c are gone, of which the other still knows vm-b.
  const shrunk = [
    'vm-a,Virtual Machine,active,esx2,',
    'esx1,Server,active,,',
    'esx2,Server,active,,',
    'db,Database,active,,',
  ];
  await vms(shrunk);
  expect(await estate(principal)).toEqual([
    'db ACTIVE (cmdb, vms)',
    'esx1 ACTIVE (vms)',
    'esx2 ACTIVE (vms)',
    'vm-a ACTIVE (cmdb, vms): depends_on db (cmdb), runs_on esx2 (vms)',
    'vm-b ACTIVE (cmdb, vms)',
    'vm-c INACTIVE missing (vms)',
  ]);

  await vms(shrunk);
  await vms(shrunk);
  expect((await estate(principal)).slice(4)).toEqual(['vm-b ACTIVE (cmdb, vms)', 'vm-c RETIRED missing (vms)']);

  await vms([...shrunk, 'vm-c,Virtual Machine,stopped,esx1,db']);
  expect(await estate(principal)).toEqual([
    'db ACTIVE (cmdb, vms)',
    'esx1 ACTIVE (vms)',
    'esx2 ACTIVE (vms)',
    'vm-a ACTIVE (cmdb, vms): depends_on db (cmdb), runs_on esx2 (vms)',
    'vm-b ACTIVE (cmdb, vms)',
    'vm-c INACTIVE (vms): depends_on db (vms), runs_on esx1 (vms)',
  ]);
}, 60_000);

test('a machine moves, a connection ends, changes its kind and its direction, over four imports of two lists of connections', async () => {
  const principal = world.newPrincipal();
  const importLines = (file: string, lines: readonly string[], coverage: 'PARTIAL' | 'COMPLETE' = 'PARTIAL') =>
    world.import(principal, { file, bytes: Buffer.from(lines.join('\n')), format: 'CSV', coverage });
  await importLines('estate.csv', [
    'Name,Type',
    ...['shop,Application', 'mail,Application', 'db1,Database', 'db2,Database', 'vm1,Virtual Machine'],
    ...['esx1,Server', 'esx2,Server', 'sw1,Switch', 'sw2,Switch'],
  ]);
  const relations = (lines: readonly string[], coverage?: 'COMPLETE') =>
    importLines('relations.csv', ['Source,Target,Relationship', ...lines], coverage);
  const edges = async () =>
    (await estate(principal)).flatMap((line) => (line.includes(': ') ? [line.replace(/ [A-Z]+ .*?: /, ': ')] : []));

  await relations([
    'shop,db1,depends on',
    'shop,db2,depends on',
    'mail,db1,depends on',
    'db1,esx2,runs on',
    'vm1,esx1,runs on',
    'sw1,sw2,connected to',
  ]);
  await importLines('cables.csv', ['Source,Target,Relationship', 'shop,db2,depends on', 'vm1,sw1,connected to']);
  expect(await edges()).toEqual([
    'db1: runs_on esx2 (relations)',
    'mail: depends_on db1 (relations)',
    'shop: depends_on db1 (relations), depends_on db2 (cables, relations)',
    'sw1: connected_to sw2 (relations)',
    'vm1: connected_to sw1 (cables), runs_on esx1 (relations)',
  ]);

  // shop needs db2 no longer as far as this list knows, mail uses its database, vm1 has moved, the switches come the other way round; of
  // where db1 runs it says nothing.
  await relations(['shop,db1,depends on', 'mail,db1,uses', 'vm1,esx2,runs on', 'sw2,sw1,connected to']);
  expect(await edges()).toEqual([
    'db1: runs_on esx2 (relations)',
    'mail: uses db1 (relations)',
    'shop: depends_on db1 (relations), depends_on db2 (cables)',
    'sw2: connected_to sw1 (relations)',
    'vm1: connected_to sw1 (cables), runs_on esx2 (relations)',
  ]);

  await relations(['shop,db1,depends on', 'vm1,esx2,runs on'], 'COMPLETE');
  expect(await edges()).toEqual([
    'shop: depends_on db1 (relations), depends_on db2 (cables)',
    'vm1: connected_to sw1 (cables), runs_on esx2 (relations)',
  ]);
}, 60_000);
