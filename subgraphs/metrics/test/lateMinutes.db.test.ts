import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { lateMinutesCommand } from '@tributary/contracts/commands';
import type { LateMinutes } from '@tributary/contracts/commands';
import { newUuid } from '@tributary/kernel';
import { ask, person, systemRequest } from '@tributary/kit/world';
import pg from 'pg';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

let world: MetricsWorld;

beforeAll(async () => {
  world = await startMetricsWorld();
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

const workspace = () => person(newUuid());
type Person = ReturnType<typeof workspace>;

async function send(to: Person, ...traces: Record<string, unknown>[]): Promise<void> {
  const { data } = await ask(world, to, ingest, { traces });
  expect(data.ingestTraces.rejected).toEqual([]);
}

function late(of: Person, after: number | null): Promise<LateMinutes> {
  return world.commands.call(lateMinutesCommand, { after }, systemRequest(of.workspaceId));
}

const minute = (text: string) => Date.parse(text) / 60_000;
const ranFor = (startedAt: string, seconds: number) => trace({ startedAt, durationMs: seconds * 1_000 });

test('whoever begins is told where the log ends, and from there what came late, by start and by end', async () => {
  const operator = workspace();
  expect(await late(operator, null)).toMatchObject({ last: 0, started: [], ended: [] });
  await send(operator, ranFor('2026-03-01T10:00:00Z', 1));
  const begin = await late(operator, null);
  expect(begin).toEqual({ last: 1, hasMore: false, isIncomplete: false, started: [], ended: [] });

  await send(operator, ranFor('2026-03-01T11:00:30Z', 120), ranFor('2026-03-01T11:01:00Z', 1));
  await send(operator, ranFor('2026-03-01T11:02:00Z', 1), ranFor('2026-03-01T09:00:00Z', 1));
  expect(await late(operator, begin.last)).toEqual({
    last: 3,
    hasMore: false,
    isIncomplete: false,
    started: [
      [minute('2026-03-01T09:00:00Z'), minute('2026-03-01T09:01:00Z')],
      [minute('2026-03-01T11:00:00Z'), minute('2026-03-01T11:03:00Z')],
    ],
    ended: [
      [minute('2026-03-01T09:00:00Z'), minute('2026-03-01T09:01:00Z')],
      [minute('2026-03-01T11:01:00Z'), minute('2026-03-01T11:03:00Z')],
    ],
  });
  expect(await late(operator, 3)).toMatchObject({ last: 3, started: [], ended: [], isIncomplete: false });
});

test('what comes in time and what was there before changes no minute of the past', async () => {
  const operator = workspace();
  const again = ranFor('2026-03-01T10:00:00Z', 1);
  await send(operator, again);
  await send(operator, again);
  await send(operator, ranFor(new Date().toISOString(), 1));
  expect(await late(operator, 1)).toMatchObject({ last: 2, started: [], ended: [] });
});

test('another workspace’s batches are not told of', async () => {
  await send(workspace(), ranFor('2026-03-01T10:00:00Z', 1));
  expect(await late(workspace(), 0)).toMatchObject({ last: 0, started: [], ended: [] });
});

test('many batches are told of piece by piece', async () => {
  const operator = workspace();
  await send(operator, ranFor('2026-03-01T10:00:00Z', 1));
  await using admin = await superuser();
  await admin.client.query(
    `insert into event (workspace_id, stream_id, seq, event_id, type, payload)
     select workspace_id, stream_id, n, gen_random_uuid(), type, payload from event, generate_series(2, 1200) n
     where workspace_id = $1 and stream_id = 'traces' and seq = 1`,
    [operator.workspaceId],
  );
  await admin.client.query(`update stream_head set last_seq = 1200 where workspace_id = $1 and stream_id = 'traces'`, [
    operator.workspaceId,
  ]);
  const pieces: LateMinutes[] = [];
  do pieces.push(await late(operator, pieces.at(-1)?.last ?? 0));
  while (pieces.at(-1)!.hasMore);
  expect(pieces.map(({ last }) => last)).toEqual([500, 1_000, 1_200]);
});

test('whoever asks behind what the log has lost, or behind its end, learns that minutes are missing', async () => {
  const operator = workspace();
  for (const day of [1, 2, 3]) await send(operator, ranFor(`2026-03-0${day}T10:00:00Z`, 1));
  await using admin = await superuser();
  await admin.client.query(`delete from event where workspace_id = $1 and stream_id = 'traces' and seq <= 2`, [
    operator.workspaceId,
  ]);
  expect(await late(operator, 1)).toMatchObject({ last: 3, isIncomplete: true });
  expect(await late(operator, 2)).toMatchObject({ last: 3, isIncomplete: false });
  expect(await late(operator, 7)).toMatchObject({ last: 3, isIncomplete: true, started: [] });
});

async function superuser(): Promise<AsyncDisposable & { readonly client: pg.Client }> {
  const client = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
  await client.connect();
  return { client, [Symbol.asyncDispose]: () => client.end() };
}
