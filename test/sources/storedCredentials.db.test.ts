import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Principal } from '@tributary/contracts/principal';
import { startImportWorld } from './importWorld.js';
import type { ImportWorld } from './importWorld.js';

let world: ImportWorld;
let admin: pg.Client;

beforeAll(async () => {
  world = await startImportWorld();
  admin = new pg.Client({ connectionString: world.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});

/** Put together here, so that no scanner of sources takes them for one. */
const canaries = ['hunter2-canary-1', ['AKIA', 'IOSFODNN7EXAMPLE'].join(''), `postgres://app:canary-2@db/x`];

/** All that a database holds, as text. */
async function dump(): Promise<string> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await admin.query<{ text: string }>(`select t::text as text from ${name} t`);
    texts.push(...rows.map(({ text }) => text));
  }
  return texts.join('\n');
}

function found(text: string): string[] {
  return canaries.filter((canary) => text.toLowerCase().includes(canary.toLowerCase()));
}

const rejectedQuery = `query ($id: ID!) { flow(id: $id) { discovery { rejectedRows(first: 100) { nodes { message raw } } } } }`;

async function shown(principal: Principal, flowId: string): Promise<string> {
  const flow = await world.ask('flow', principal, rejectedQuery, { id: flowId });
  const assets = await world.ask('asset', principal, '{ assets(first: 100) { nodes { name attributes } } }');
  return JSON.stringify([flow, assets]);
}

test('an import leaves no credential anywhere: not in tables, events or answers', async () => {
  const principal = world.newPrincipal();
  const lines = [
    'Name,Type,IP,Admin Password,Note,Connection',
    `web,Server,10.0.0.1,${canaries[0]!},${canaries[1]!},${canaries[2]!}`,
    `db,Server,10.0.0.2,${canaries[0]!},plain,plain`,
    `,Server,10.0.0.3,${canaries[0]!},${canaries[1]!},plain`,
    `a,b,c,${canaries[0]!},e,f,g,h`,
  ];
  const { flowId } = await world.import(principal, {
    file: 'a.csv',
    bytes: Buffer.from(lines.join('\n')),
    format: 'CSV',
  });
  expect(found(await dump())).toEqual([]);
  expect(found(await shown(principal, flowId))).toEqual([]);
});

test('credentials from before are taken out slice by slice, counted in the audit trail and shown nowhere', async () => {
  const principal = world.newPrincipal();
  const names = Array.from({ length: 1_200 }, (_, index) => `m${index},Server,10.1.${index >> 8}.${index & 255}`);
  const { flowId } = await world.import(principal, {
    file: 'b.csv',
    bytes: Buffer.from(['Name,Type,IP', ...names, ',Server,10.9.9.9'].join('\n')),
    format: 'CSV',
  });
  const { workspaceId } = principal;
  await admin.query(
    `update asset set attributes = jsonb_build_object('rack', 'R1', 'admin password', $2::text, 'url', $3::text)
     where workspace_id = $1 and name in ('m0', 'm700', 'm1199')`,
    [workspaceId, canaries[0], canaries[2]],
  );
  await admin.query(
    `update asset set name = $2, name_key = lower($2), source_key = 'name:' || lower($2), tags = array['env:prod', 'db_password:' || $3],
       search_text = replace(search_text, e'\\nm5\\n', e'\\n' || lower($2) || e'\\n') where workspace_id = $1 and name = 'm5'`,
    [workspaceId, canaries[1], canaries[0]],
  );
  await admin.query(`update asset_term set term = lower($2) where workspace_id = $1 and term = 'm5'`, [
    workspaceId,
    canaries[1],
  ]);
  await admin.query(`update discovery_flow set profile = $2 where workspace_id = $1`, [
    workspaceId,
    JSON.stringify({
      format: 'CSV',
      columns: [
        { name: 'admin password', samples: [canaries[0], 'n/a'], shapes: {} },
        { name: 'note', samples: ['fine', canaries[2]], shapes: {} },
      ],
      notes: [],
      recognised: null,
    }),
  ]);
  // Rows of before encryption are plain.
  await admin.query(`update rejected_row set raw = $2, message = $3 where workspace_id = $1`, [
    workspaceId,
    JSON.stringify({ name: '', password: canaries[0], note: canaries[1] }),
    `Line 1202: ${canaries[2]!} is empty.`,
  ]);
  expect(found(await shown(principal, flowId)).length).toBeGreaterThan(0);

  await world.runSchedule('stored credentials');
  await world.runSchedule('stored credentials');
  expect(found(await dump())).toEqual([]);
  expect(found(await shown(principal, flowId))).toEqual([]);
  const { rows: assets } = await admin.query(`select attributes from asset where workspace_id = $1 and name = 'm700'`, [
    workspaceId,
  ]);
  expect(assets).toEqual([
    { attributes: { rack: 'R1', 'admin password': '[removed: credential]', url: '[removed: credential]' } },
  ]);
  const { rows: trail } = await admin.query(
    `select after from audit_entry where workspace_id = $1 and action = 'credential.remove' order by number`,
    [workspaceId],
  );
  expect(trail).toEqual([
    { after: { what: 'assets', rows: 4, values: 8 } },
    { after: { what: 'rejected rows and samples of columns', rows: 2, values: 5 } },
  ]);
});
