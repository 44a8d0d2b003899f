import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client } from 'pg';
import { LocalCommandClient } from '@tributary/commands';
import { discoveryEndsCommand, flowFiguresCommand } from '@tributary/contracts/commands';
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

test('every flow that has a figure is answered, however many there are', async () => {
  await admin.query(
    `insert into flow (workspace_id, id, kind, name, driver, status, created_by_kind, created_by_id, started_at, finished_at)
     select $1, gen_random_uuid(), 'mass', 'm', 'RUNNER', 'FAILED', 'user', 'x', $2::timestamptz - interval '1 hour', $2::timestamptz - interval '1 minute'
     from generate_series(1, 1100)`,
    [ann.workspaceId, new Date(noon)],
  );
  expect((await ask('FLOWS_FAILED', 'FLOW')).length).toBeGreaterThanOrEqual(1_100);
});

test('personal data count by the columns in which discoveries found them, by source; and it is said when discoveries ended', async () => {
  const found = await flow('discovery', 'SUCCEEDED', -30, -5);
  await flow('discovery', 'FAILED', -30, -4);
  await flow('discovery', 'SUCCEEDED', -30, -2, newUuid());
  await admin.query(
    `insert into discovery_flow (workspace_id, flow_id, source_name, source_format, require_approval) values ($1, $2, 'people.csv', 'CSV', false)`,
    [ann.workspaceId, found.slice(5)],
  );
  const summary = { personalData: [{ column: 'mail' }, { column: 'phone' }] };
  await admin.query(
    `insert into flow_phase (workspace_id, flow_id, ordinal, name, title, finished_at, summary) values ($1, $2, 3, 'cleansing', 'Cleansing', $3, $4)`,
    [ann.workspaceId, found.slice(5), new Date(noon - 6 * minute), summary],
  );
  expect(await ask('PERSONAL_DATA_FOUND', 'SOURCE', 4)).toEqual([
    [0, 'people.csv', 2],
    [1, 'people.csv', 2],
    [2, 'people.csv', 2],
  ]);
  await expect(ask('PERSONAL_DATA_FOUND', 'FLOW')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  const client = new LocalCommandClient(world.subgraph.commands);
  const context = { principal: ann, requestId: newUuid(), deadline: Deadline.in(10_000) };
  const span = { from: new Date(noon - 5 * minute), to: new Date(noon) };
  expect(await client.call(discoveryEndsCommand, span, context)).toEqual([noon - 4 * minute]);
});
