import { spawn } from 'node:child_process';
import { appendFileSync, chmodSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { discover, start } from './discoveryRun.js';
import { servers } from './documents.js';
import { modes, startSystem } from './harness.js';
import type { Session, System } from './harness.js';

const root = join(import.meta.dirname, '../..');
const embedded = modes.includes('embedded') ? test : test.skip;
const canary = 'Zc4n4ry';
let folder: string;
let source: System;

beforeAll(async () => {
  if (!modes.includes('embedded')) return;
  folder = mkdtempSync(join(tmpdir(), 'tributary-backup-'));
  chmodSync(folder, 0o711);
  source = await startSystem('embedded', { TRIBUTARY_DATA: join(folder, 'source') });
}, 120_000);
afterAll(async () => {
  await source?.close();
  if (folder) rmSync(folder, { recursive: true, force: true });
});

/** Runs a command of operators on one of the data folders. */
async function operate(name: string, data: string, ...args: string[]): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(root, 'operate', 'dist', `${name}Main.js`), ...args], {
    env: { PATH: process.env['PATH'], TRIBUTARY_DATA: join(folder, data) },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { code, said };
}

const manifestOf = (name: string) => JSON.parse(readFileSync(join(folder, name, 'manifest.json'), 'utf8'));
const contentOf = (name: string) =>
  Object.fromEntries(
    manifestOf(name)
      .tables // Whoever had taken a job is gone.
      .filter((table: any) => !table.name.startsWith('jobs._private_job'))
      .map((table: any) => [table.name, `${table.rows} ${table.content}`]),
  );
const life = `subscription ($after: Cursor) { flowUpdates(after: $after) { sequence cursor type } }`;
const rejected = `query ($id: ID!) { flow(id: $id) { status discovery { rejectedRows { nodes { raw } } } } }`;

async function until(session: Session, after: string | null, isLast: (event: any) => boolean): Promise<any[]> {
  const seen: any[] = [];
  for await (const { data, errors } of session.watch(life, { after })) {
    if (errors) throw new Error(JSON.stringify(errors));
    seen.push(data.flowUpdates);
    if (isLast(data.flowUpdates)) return seen;
  }
  return seen;
}

embedded(
  'a backup that was taken while everybody writes comes back whole, and life goes on in it',
  async () => {
    const owner = await source.signIn();
    const content = `${servers(20)}\n,10.0.0.1,${canary}`;
    const { id: flowId } = await discover(owner, { source: { name: 'a.csv', format: 'CSV', content } });
    const [snapshot] = await until(owner, null, () => true);

    let writing = true;
    const writer = (async () => {
      for (let n = 0; writing; n += 1)
        await start(owner, { source: { name: `${n}.csv`, format: 'CSV', content: servers(5, `w${n}`) } });
    })();
    const taken = await operate('backup', 'source', '--to', join(folder, 'backup'));
    writing = false;
    await writer;
    expect(taken).toMatchObject({ code: 0, said: expect.stringContaining('Keep the encryption keys k1 elsewhere') });
    expect(readdirSync(join(folder, 'backup')).sort()).toEqual(['manifest.json', 'tables']);

    // Not over something, not without its keys, not when a file has changed.
    const [from, keys] = [join(folder, 'backup'), join(folder, 'source', 'encryption-keys')];
    expect(await operate('restore', 'source', '--from', from, '--keys', keys)).toMatchObject({
      code: 1,
      said: expect.stringContaining('is not empty'),
    });
    expect(await operate('restore', 'restored', '--from', from)).toMatchObject({
      code: 1,
      said: expect.stringContaining('keys that are not here: k1'),
    });
    const restored = await operate('restore', 'restored', '--from', from, '--keys', keys);
    expect(restored).toMatchObject({ code: 0, said: expect.stringMatching(/Audit trails: \d+ entries, 0 faults/) });
    expect((await operate('backup', 'restored', '--to', join(folder, 'again'), '--with-keys')).code).toBe(0);
    expect(contentOf('again')).toEqual(contentOf('backup'));
    appendFileSync(join(from, 'tables', 'public.asset.jsonl.gz'), 'x');
    expect(await operate('restore', 'third', '--from', from, '--keys', keys)).toMatchObject({
      code: 1,
      said: expect.stringContaining('checksum differs'),
    });

    await using system = await startSystem('embedded', { TRIBUTARY_DATA: join(folder, 'restored') });
    const back = await system.signIn();
    expect(await back.ask(rejected, { id: flowId })).toMatchObject({
      flow: { status: 'SUCCEEDED', discovery: { rejectedRows: { nodes: [{ raw: { ip: '10.0.0.1', os: canary } }] } } },
    });
    // A watcher goes on behind the cursor that the first system gave out, and sees what is new, with no number missing.
    await start(back, { name: 'After', source: { name: 'b.csv', format: 'CSV', content: servers(3, 'new') } });
    const { flows } = await back.ask(`{ flows(first: 1) { nodes { id name } streamCursor } }`);
    expect(flows.nodes[0].name).toBe('After');
    const head = (await until(back, null, () => true))[0].sequence;
    const seen = await until(back, snapshot.cursor, (event) => event.sequence >= head);
    expect(seen.map((event) => event.type)).not.toContain('stream.reset');
    expect(seen.map((event) => event.sequence)).toEqual(seen.map((_, index) => snapshot.sequence + 1 + index));

    const rotated = await operate('keysRotate', 'restored');
    expect(rotated).toMatchObject({ code: 0, said: expect.stringContaining('with key k2 now; 0 are left') });
    expect((await back.ask(rejected, { id: flowId })).flow.discovery.rejectedRows.nodes).toHaveLength(1);
    expect(readFileSync(join(folder, 'restored', 'encryption-keys'), 'utf8')).toMatch(/^k2:[\w-]+\n$/);
    expect((await operate('auditVerify', 'restored')).code).toBe(0);
    // Cells are made anew beside the system that runs; its own agents left traces.
    expect(await operate('metricsRebuild', 'restored', '--workspace', 'acme')).toMatchObject({
      code: 0,
      said: expect.stringMatching(/^\d{4}-\d{2}-\d{2}: \d+ traces\n1 days, 0 of which/m),
    });
    expect(await operate('metricsRebuild', 'restored', '--workspace', 'nobody')).toMatchObject({
      code: 1,
      said: expect.stringContaining('There is no workspace nobody.'),
    });
  },
  120_000,
);
