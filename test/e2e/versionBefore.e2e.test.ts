import { execFileSync, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, newDataFolder } from '@tributary/kit';
import { modes, startSystem } from './harness.js';
import type { Session, System } from './harness.js';

const root = join(import.meta.dirname, '../..');
const embedded = modes.includes('embedded') ? test : test.skip;
const folder = newDataFolder('version-before');
const data = join(folder, 'data');
const env = { PATH: process.env['PATH'], TRIBUTARY_DATA: data };
let system: System;
let owner: Session;

beforeAll(async () => {
  if (!modes.includes('embedded')) return;
  const restore = [join(root, 'operate/dist/restoreMain.js'), '--from', join(import.meta.dirname, 'versionBefore')];
  execFileSync(process.execPath, restore, { env, stdio: 'pipe' });
  system = await startSystem('embedded', { TRIBUTARY_DATA: data });
  owner = await system.signIn();
}, 120_000);
afterAll(async () => {
  await system?.close();
  rmSync(folder, { recursive: true, force: true });
});

const flowsByName = async () => {
  const { flows } = await owner.ask('{ flows(first: 50) { nodes { id name status } } }');
  return new Map<string, { id: string; status: string }>(
    flows.nodes.map((flow: { name: string }) => [flow.name, flow]),
  );
};
const openAlerts = async () => {
  const { alerts } = await owner.ask('{ alerts(first: 50) { nodes { title status occurrences } } }');
  return alerts.nodes.map((alert: any) => `${alert.title}: ${alert.status} ${alert.occurrences}`).sort();
};
const before = ['Flow “Failed and acknowledged” failed: ACKNOWLEDGED 1', 'Flow “Failed once” failed: FIRING 1'];

embedded(
  'a flow that waited in the queue of the version before is run by this one',
  async () => {
    await eventually(async () => expect((await flowsByName()).get('Queued')?.status).toBe('SUCCEEDED'), {
      timeoutMs: 60_000,
      intervalMs: 200,
    });
  },
  90_000,
);

embedded(
  'a flow that was paused stays so, and goes on when it is resumed',
  async () => {
    const { id, status } = (await flowsByName()).get('Paused')!;
    expect(status).toBe('PAUSED');
    await owner.ask('mutation ($input: FlowActionInput!) { resumeFlow(input: $input) { flow { status } } }', {
      input: { flowId: id },
    });
    await eventually(async () => expect((await flowsByName()).get('Paused')?.status).toBe('SUCCEEDED'), {
      timeoutMs: 60_000,
      intervalMs: 200,
    });
  },
  90_000,
);

embedded(
  'alerts that were open are open, none is raised twice, and the next failure raises the next one',
  async () => {
    expect(await openAlerts()).toEqual(before);
    const create = 'mutation { createFlow(input: { kind: "new", name: "New", phases: ["only"] }) { flow { id } } }';
    const { createFlow } = await owner.ask(create);
    const report = `mutation ($id: ID!) { reportFlowProgress(input: { flowId: $id, phase: "only", progress: 0, status: FAILED,
    failure: { code: "NEW", message: "as asked" } }) { flow { status } } }`;
    await owner.ask(report, { id: createFlow.flow.id });
    await eventually(async () => expect(await openAlerts()).toEqual([...before, 'Flow “New” failed: FIRING 1']), {
      timeoutMs: 15_000,
    });
  },
  30_000,
);

embedded(
  'the trails that were signed then hold, with what was added since',
  () => {
    const verified = spawnSync(process.execPath, [join(root, 'operate/dist/auditVerifyMain.js')], { env });
    expect([verified.status, verified.stdout.toString()]).toEqual([0, expect.any(String)]);
  },
  60_000,
);
