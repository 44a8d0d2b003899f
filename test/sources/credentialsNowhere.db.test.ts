import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { gzipSync } from 'node:zlib';
import type { Principal } from '@tributary/contracts/principal';
import { workbookBuffer } from '@tributary/kit/sources';
import { startImportWorld } from './importWorld.js';
import type { ImportWorld } from './importWorld.js';

let world: ImportWorld;
let admin: pg.Client;
let principal: Principal;

beforeAll(async () => {
  world = await startImportWorld();
  admin = new pg.Client({ connectionString: world.superuserUrl });
  await admin.connect();
  principal = world.newPrincipal();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});

/** Told by its look wherever it stands; put together here, so that no scanner of sources takes it for one. */
const byLook = ['AKIA', 'CANARYCANARY1234'].join('');
/** Told by the name of its field only. */
const byName = 'Sommer-canary-2026';

const table = (delimiter: string) =>
  [
    ['Name', 'Type', 'IP', 'Tags', 'Admin Password', 'Note'],
    ['web', 'Server', '10.0.0.1', `env:prod;api_key:${byName}`, byName, `see ${byLook}`],
    [byLook, 'Server', '10.0.0.2', '', byName, 'named by it'],
    ['', 'Server', '', '', byName, byLook],
    ['db', byLook, byLook, byLook, byName, 'in every column'],
    ['long', 'Server', '10.0.0.4', '', byName, 'x', byLook, byLook],
  ]
    .map((row) => row.join(delimiter))
    .join('\n');
const records = [
  { name: 'web', ip: '10.1.0.1', password: byName, nested: { deep: { client_secret: byName, note: byLook } } },
  { name: byLook, ip: byLook, tags: [`token:${byName}`, byLook], list: [{ key: 'db_password', value: byName }] },
  { name: '', password: byName, note: byLook },
];

const sources: readonly [file: string, bytes: () => Uint8Array | Promise<Uint8Array>][] = [
  ['a.csv', () => Buffer.from(table(','))],
  ['b.csv', () => gzipSync(table(';'))],
  ['c.json', () => Buffer.from(JSON.stringify(records))],
  [
    'd.json',
    () => Buffer.from(JSON.stringify({ [byLook]: { items: records }, others: { [byLook]: [{ a: 1 }, { a: 2 }] } })),
  ],
  [
    'e.jsonl',
    () => Buffer.from(records.map((record) => JSON.stringify(record)).join('\n') + `\n{"broken": "${byLook}`),
  ],
  [
    'f.yaml',
    () =>
      Buffer.from(
        `- name: web\n  password: ${byName}\n  note: "${byLook}"\n- name: "${byLook}"\n  password: ${byName}\n`,
      ),
  ],
  [
    'g.xml',
    () =>
      Buffer.from(
        `<hosts><host name="web" password="${byName}" note="${byLook}"/><host name="${byLook}" password="${byName}"><ip>${byLook}</ip></host></hosts>`,
      ),
  ],
  ['h.xml', () => Buffer.from(`<hosts><host name="web" note="${byLook}"></hosts>`)],
  [
    'i.xlsx',
    () =>
      workbookBuffer([
        {
          name: 'Servers',
          rows: table(',')
            .split('\n')
            .map((line) => line.split(',')),
        },
      ]),
  ],
  ['j.csv', () => Buffer.from(`Source,Target,Relationship\nweb,${byLook},uses\n${byLook},web,${byLook}\n`)],
  ['k.json', () => Buffer.from(`{"name": "web", "note": "${byLook}", broken`)],
];

async function dump(): Promise<string> {
  const { rows: tables } = await admin.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const { rows } = await admin.query<{ text: string }>(`select '${name} ' || t::text as text from ${name} t`);
    texts.push(...rows.map(({ text }) => text));
  }
  return texts.join('\n');
}

/** Where a canary is, with what stands around it. */
function foundIn(text: string): string[] {
  return [byLook, byName].flatMap((canary) => {
    const at = text.toLowerCase().indexOf(canary.toLowerCase());
    return at === -1 ? [] : [text.slice(Math.max(0, at - 160), at + 60)];
  });
}

const shownQuery = `query ($id: ID!) { flow(id: $id) { failure { code message } phases { name summary error { code message } }
  discovery { findings { code message count sample } columns(first: 100) { nodes { path samples became reason } }
  fieldMappings { sourceField reason } rejectedRows(first: 50) { nodes { line message raw } } } } }`;
const assetsQuery =
  '{ assets(first: 100) { nodes { name kind externalId hostname ipAddress tags attributes dependencies(first: 20) { nodes { kind relation to { name } } } } } }';

test.each(sources)(
  '%s leaves none of its credentials behind: not in tables, answers, events or errors',
  async (file, bytes) => {
    const { flowId } = await world.import(principal, { file, bytes: await bytes(), format: 'AUTO' });
    expect(foundIn(JSON.stringify(await world.ask('flow', principal, shownQuery, { id: flowId })))).toEqual([]);
    expect(foundIn(JSON.stringify(await world.ask('asset', principal, assetsQuery)))).toEqual([]);
    expect(foundIn(await dump())).toEqual([]);
  },
);
