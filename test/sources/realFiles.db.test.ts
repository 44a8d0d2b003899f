import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Principal } from '@tributary/contracts/principal';
import { startImportWorld } from './importWorld.js';
import type { ImportWorld } from './importWorld.js';

/** Exports of real systems, beside the checkout where they are present. */
const folder = join(dirname(fileURLToPath(import.meta.url)), '../../../shared/data');
const present = existsSync(join(folder, 'netbox-devices.csv'));

const files = [
  { file: 'netbox-devices.csv', rows: 72, assets: 50, edges: 0 },
  { file: 'netbox-virtual-machines.csv', rows: 180, assets: 189, edges: 180 },
  { file: 'netbox-connections.csv', rows: 26, assets: 0, edges: 13 },
  { file: 'aws-ec2-instances.json', rows: 13, assets: 13, edges: 0 },
  { file: 'azure-resource-graph-reply.json', rows: 1, assets: 1, edges: 0 },
] as const;

let world: ImportWorld;
let principal: Principal;

beforeAll(async () => {
  world = await startImportWorld();
  principal = world.newPrincipal();
}, 60_000);
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const reportQuery = `query ($id: ID!) { flow(id: $id) { phases { name summary } discovery { rowsTotal assetsCreated } } }`;
const estateQuery = `query ($after: String) { assets(first: 100, after: $after, orderBy: NAME_ASC) { pageInfo { hasNextPage endCursor }
  nodes { id name kind status externalId hostname ipAddress operatingSystem department lastSeenAt version
    dependencies(direction: OUTGOING, first: 100) { nodes { kind to { name } } } } } }`;

/** Everything that the inventory says, a line an asset. */
async function estate(): Promise<string[]> {
  const lines: string[] = [];
  for (let after: string | null = null; ;) {
    const { assets } = await world.ask('asset', principal, estateQuery, { after });
    for (const { lastSeenAt: _, ...asset } of assets.nodes) lines.push(JSON.stringify(asset));
    if (!assets.pageInfo.hasNextPage) return lines.sort();
    after = assets.pageInfo.endCursor as string;
  }
}

function edgesIn(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + JSON.parse(line).dependencies.nodes.length, 0);
}

async function importBytes(file: string, bytes: Uint8Array) {
  const outcome = await world.import(principal, { file, bytes, format: 'AUTO' });
  expect([file, outcome.status]).toEqual([file, 'SUCCEEDED']);
  const { flow } = await world.ask('flow', principal, reportQuery, { id: outcome.flowId });
  return flow.discovery as { rowsTotal: number; assetsCreated: number };
}

/** As another version of the export would write the same: columns the other way round, another delimiter and encoding, other layouts. */
function movedForms(file: string, bytes: Buffer): Uint8Array[] {
  const text = bytes.toString('utf8');
  if (file.endsWith('.csv')) {
    const rows = text.trim().split(/\r?\n/).map(cellsOf);
    const turned = rows.map((cells) => [...cells].reverse().map(quoted).join(';')).join('\r\n');
    const tabs = rows.map((cells) => cells.map((cell) => cell.replaceAll('\t', ' ')).join('\t')).join('\n');
    return [Buffer.from(`\uFEFF${turned}`), Buffer.from(`\uFEFF${tabs}`, 'utf16le')];
  }
  const document: unknown = JSON.parse(text);
  const wrapped = Buffer.from(JSON.stringify({ status: 'ok', response: document }));
  // What comes in columns and rows names its columns first.
  return text.includes('"columns"') ? [wrapped] : [Buffer.from(JSON.stringify(turnedRound(document))), wrapped];
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, inner, plain]) =>
    (inner ?? plain!).replaceAll('""', '"'),
  );
}

function quoted(cell: string): string {
  return /[";]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function turnedRound(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedRound);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, turnedRound(inner)]),
  );
}

function withoutVersion(line: string): string {
  return line.replace(/"version":\d+/, '');
}

(present ? describe : describe.skip)('a real export', () => {
  test.each(files)(
    '$file says what it says: once, twice and in other forms',
    async ({ file, rows, assets, edges }) => {
      const bytes = readFileSync(join(folder, file));
      const before = await estate();
      const first = await importBytes(file, bytes);
      const after = await estate();
      const came = {
        rows: first.rowsTotal,
        assets: after.length - before.length,
        edges: edgesIn(after) - edgesIn(before),
      };
      process.stdout.write(`${file}: ${came.rows} rows, ${came.assets} assets, ${came.edges} edges\n`);
      expect(came).toEqual({ rows, assets, edges });
      expect((await importBytes(file, bytes)).assetsCreated).toBe(0);
      expect(await estate()).toEqual(after);
      for (const form of movedForms(file, bytes)) {
        expect((await importBytes(file, form)).assetsCreated).toBe(0);
        // Nested attributes are kept as they are written, so their order is a change of them.
        expect((await estate()).map(withoutVersion)).toEqual(after.map(withoutVersion));
      }
    },
    120_000,
  );
});
