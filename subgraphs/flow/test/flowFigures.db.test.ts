import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { LocalCommandClient } from '@tributary/commands';
import { flowFiguresCommand } from '@tributary/contracts/commands';
import type { InputOf } from '@tributary/contracts/commands';
import { Deadline, newUuid } from '@tributary/kernel';
import { person } from '@tributary/kit/world';
import { startFlowWorld } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

let world: FlowWorld;
let admin: Client;
const ann = person();
const noon = Date.parse('2027-01-01T12:00:00Z');
const minute = 60_000;

beforeAll(async () => {
  world = await startFlowWorld();
  admin = new Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});

/** A flow by when it began and ended, in minutes from noon. */
async function flow(kind: string, status: string, begun: number, ended: number | null, workspaceId = ann.workspaceId) {
  const id = newUuid();
  const at = (minutes: number | null) => (minutes === null ? null : new Date(noon + minutes * minute));
  await admin.query(
    `insert into flow (workspace_id, id, kind, name, driver, status, created_by_kind, created_by_id, started_at, finished_at, updated_at)
     values ($1, $2, $3, $3, 'RUNNER', $4, 'user', 'x', $5::timestamptz, $6::timestamptz, coalesce($6::timestamptz, $5::timestamptz))`,
    [workspaceId, id, kind, status, at(begun), at(ended)],
  );
  return `flow_${id}`;
}

type Question = InputOf<typeof flowFiguresCommand>;
const ask = async (measure: Question['measure'], groupBy: Question['groupBy'], count = 1) => {
  const question = { measure, groupBy, firstEnd: new Date(noon), count, stepMs: 10 * minute, windowMs: 30 * minute };
  const client = new LocalCommandClient(world.subgraph.commands);
  const context = { principal: ann, requestId: newUuid(), deadline: Deadline.in(10_000) };
  const found = await client.call(flowFiguresCommand, question, context);
  return found.map(({ index, key, value }) => [index, key, value]);
};

test('flows are measured at each moment, of all of them, by kind and by flow, within the workspace', async () => {
  expect(await ask('FLOWS_FAILED', null)).toEqual([]);
  await flow('batch', 'FAILED', -60, -25);
  await flow('batch', 'FAILED', -60, 5);
  await flow('crew', 'FAILED', -60, -40);
  const runs = await flow('crew', 'RUNNING', -15, null);
  const waits = await flow('batch', 'AWAITING_APPROVAL', -20, null);
  await flow('crew', 'SUCCEEDED', -60, -10);
  await flow('crew', 'SUCCEEDED', -60, -3);
  await flow('batch', 'FAILED', -60, -1, newUuid());
  expect(await ask('FLOWS_FAILED', null, 2)).toEqual([
    [0, null, 1],
    [1, null, 1],
  ]);
  expect(await ask('FLOWS_FAILED', 'FLOW_KIND')).toEqual([[0, 'batch', 1]]);
  // What ended later ran then.
  expect(await ask('FLOW_RUNNING_SECONDS', 'FLOW_KIND')).toEqual([
    [0, 'batch', 3_600],
    [0, 'crew', 900],
  ]);
  expect(await ask('FLOW_RUNNING_SECONDS', 'FLOW')).toContainEqual([0, runs, 900]);
  expect(await ask('FLOW_WAITING_SECONDS', 'FLOW', 2)).toEqual([
    [0, waits, 1_200],
    [1, waits, 1_800],
  ]);
  expect(await ask('SECONDS_SINCE_FLOW_SUCCEEDED', null)).toEqual([[0, null, 180]]);
});
