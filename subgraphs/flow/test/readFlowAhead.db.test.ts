import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Principal } from '@tributary/contracts/principal';
import { codesOf, ask, person, tell } from '@tributary/kit/world';
import { metricsText } from '@tributary/observability';
import { startFlowWorld } from './flowWorld.js';
import type { FlowWorld } from './flowWorld.js';

let world: FlowWorld;
let ann: Principal;
let id: string;

beforeAll(async () => {
  world = await startFlowWorld();
  ann = person();
  const create = `mutation { createFlow(input: { kind: "crew", name: "Crew", phases: ["a", "b"] }) { flow { id } } }`;
  id = (await tell(world, ann, create)).createFlow.flow.id;
}, 60_000);

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function readTrips(): Promise<number> {
  const [, count] = /tributary_database_seconds_count\{[^}]*kind="read"[^}]*\} (\d+)/.exec(await metricsText()) ?? [];
  return Number(count ?? 0);
}

async function tripsOf(source: string): Promise<{ trips: number; names: string[] }> {
  world.statements.length = 0;
  const before = await readTrips();
  await tell(world, ann, source, { id, no: false });
  return { trips: (await readTrips()) - before, names: [...world.statements] };
}

const whole = `fragment D on DiscoveryFlow { fieldMappings { sourceField } rejectedRows(first: 3) { totalCount nodes { line } } }`;

test('a flow and all that stands below it are one trip to the database', async () => {
  expect(
    await tripsOf(`query ($id: ID!) { flow(id: $id) { name phases { name } discovery { sourceName ...D } } } ${whole}`),
  ).toEqual({
    trips: 1,
    names: [
      'flow.flowsById',
      'flow.phasesOf',
      'flow.discoveriesOf',
      'flow.mappingsOf',
      'flow.rejectedRowsOf',
      'flow.rejectedCountsOf',
    ],
  });
});

test('nothing is read that is not asked for', async () => {
  const source = `query ($id: ID!, $no: Boolean!) {
    flow(id: $id) { name phases @include(if: $no) { name } ... @skip(if: true) { discovery { ...D } } discovery @include(if: $no) { ...D } }
  } ${whole}`;
  expect(await tripsOf(source)).toEqual({ trips: 1, names: ['flow.flowsById'] });
});

test('what is wrong below a flow is told at its own field, once', async () => {
  const answer = await ask(
    world,
    ann,
    'query ($id: ID!) { flow(id: $id) { name discovery { rejectedRows(after: "x") { totalCount } } phases { name } } }',
    { id },
  );
  // It has no discovery, so nobody asked with that cursor.
  expect(codesOf(answer)).toEqual([]);
  expect(answer.data.flow).toMatchObject({ name: 'Crew', discovery: null });
});
