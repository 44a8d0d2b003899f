import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { encodeId } from '@tributary/contracts/ids';
import type { Principal } from '@tributary/contracts/principal';
import { appendEvents } from '@tributary/events';
import { newUuid } from '@tributary/kernel';
import { eventually } from '@tributary/kit';
import { ask, tell, watch } from '@tributary/kit/world';
import { ingest, startMetricsWorld, trace } from './metricsWorld.js';
import type { MetricsWorld } from './metricsWorld.js';

const page = `query ($first: Int! = 50, $after: Cursor, $kinds: [ActivityKind!]) {
  activity(first: $first, after: $after, kinds: $kinds) {
    edges { cursor node { sequence cursor previousCursor kind type occurredAt data flow { id } alert { id } } }
    pageInfo { hasNextPage endCursor } streamCursor
  }
}`;
const follow = `subscription ($after: Cursor, $kinds: [ActivityKind!]) {
  activityUpdated(after: $after, kinds: $kinds) { sequence cursor previousCursor kind type data flow { id } alert { id } }
}`;

describe('the activity of a workspace', () => {
  let world: MetricsWorld;
  let owner: Principal;
  const [flowId, alertId] = [newUuid(), newUuid()];

  beforeAll(async () => {
    world = await startMetricsWorld();
    owner = { workspaceId: newUuid(), actor: { kind: 'user', id: newUuid() }, role: 'OWNER', scopes: null };
    await tell(world, owner, ingest, {
      traces: [trace({ agent: 'cheap', costUsd: 0.5 }), trace({ agent: 'dear', costUsd: 2 })],
    });
    await tell(world, owner, ingest, { traces: [trace({ agent: 'cheap', costUsd: 0.25 })] });
    const flow = {
      ...{ flowId, kind: 'crew', name: 'March', status: 'FAILED', phase: 'import', progress: 0.5 },
      ...{ message: 'It broke.', data: { secret: 'not told' } },
    };
    const alert = {
      ...{ alertId, severity: 'CRITICAL', ruleId: null, flowId, assetId: null },
      data: { status: 'FIRING', severity: 'CRITICAL' },
    };
    const { workspaceId } = owner;
    await world.database.withWorkspace({ workspaceId }, async (transaction) => {
      appendEvents(transaction, 'flows', [{ type: 'flow.failed', payload: flow }]);
      await Promise.resolve();
    });
    // Order is by the moment: two within the same millisecond have none.
    await delay(5);
    await world.database.withWorkspace({ workspaceId }, async (transaction) => {
      appendEvents(transaction, 'alerts', [{ type: 'alert.fired', payload: alert }]);
      await Promise.resolve();
    });
    // Both batches came in one minute, and it is over.
    const admin = new pg.Client({ connectionString: world.testDatabase.superuserUrl });
    await admin.connect();
    await admin.query(
      `update event set at = date_trunc('minute', clock_timestamp()) - interval '2 minutes' + seq * interval '1 second' where workspace_id = $1 and stream_id = 'traces'`,
      [workspaceId],
    );
    await admin.end();
    await eventually(async () => expect((await tell(world, owner, page)).activity.edges).toHaveLength(3));
  }, 60_000);
  afterAll(async () => world?.[Symbol.asyncDispose]());

  test('is told newest first, flows and alerts one by one and traces by the minute, with what they are about', async () => {
    const { activity } = await tell(world, owner, page);
    const nodes = activity.edges.map(({ node }: { node: Record<string, unknown> }) => node);
    expect(nodes).toMatchObject([
      {
        kind: 'ALERTS',
        type: 'alert.fired',
        data: { status: 'FIRING', severity: 'CRITICAL' },
        alert: { id: encodeId('alert', alertId) },
        flow: { id: encodeId('flow', flowId) },
      },
      {
        kind: 'FLOWS',
        type: 'flow.failed',
        data: { name: 'March', status: 'FAILED', phase: 'import', progress: 0.5, message: 'It broke.' },
        flow: { id: encodeId('flow', flowId) },
        alert: null,
      },
      {
        kind: 'TRACES',
        type: 'traces.ingested',
        data: { traces: 3, batches: 2, costUsd: 2.75, agents: ['dear', 'cheap'] },
        flow: null,
      },
    ]);
    expect(JSON.stringify(nodes)).not.toContain('not told');
    expect(nodes.map((node: { sequence: number }) => node.sequence)).toEqual([4, 3, 2]);
  });

  test('a page goes on behind the one before, and whoever follows from an item is told of what came after it', async () => {
    const first = (await tell(world, owner, page, { first: 2 })).activity;
    const rest = (await tell(world, owner, page, { first: 2, after: first.pageInfo.endCursor })).activity;
    expect([first, rest].map(({ pageInfo }) => pageInfo.hasNextPage)).toEqual([true, false]);
    expect(rest.edges.map(({ node }: { node: { kind: string } }) => node.kind)).toEqual(['TRACES']);
    const events = await watch(world, owner, follow, { after: rest.edges[0].cursor });
    const followed = [await events.next(), await events.next()].map(({ value }) => value.data.activityUpdated);
    await events.return?.();
    expect(followed.map(({ cursor }) => cursor)).toEqual(
      first.edges.map(({ cursor }: { cursor: string }) => cursor).toReversed(),
    );
    expect(followed[1].previousCursor).toBe(followed[0].cursor);
    expect(first.streamCursor).toBe(first.edges[0].cursor);
  });

  test('is told only as far as somebody may read, and only of the kinds that are asked for', async () => {
    const key: Principal = {
      ...owner,
      actor: { kind: 'apiKey', id: newUuid() },
      role: 'VIEWER',
      scopes: ['alert.read'],
    };
    const kindsOf = async (principal: Principal, kinds?: string[]) =>
      (await tell(world, principal, page, { kinds: kinds ?? null })).activity.edges.map(
        ({ node }: { node: { kind: string } }) => node.kind,
      );
    const withFlow = page.replace(' flow { id }', '');
    const seen = (await tell(world, key, withFlow)).activity.edges.map(
      ({ node }: { node: { kind: string } }) => node.kind,
    );
    expect(seen).toEqual(['ALERTS']);
    expect(await kindsOf(owner, ['FLOWS', 'TRACES'])).toEqual(['FLOWS', 'TRACES']);
    expect(await kindsOf({ ...owner, workspaceId: newUuid() })).toEqual([]);
    const snapshot = await watch(world, owner, follow, { kinds: ['ALERTS'] });
    expect((await snapshot.next()).value.data.activityUpdated).toMatchObject({ kind: null, type: 'stream.snapshot' });
    await snapshot.return?.();
  });

  test('a cursor of other kinds or another workspace is refused by the list and resets who follows', async () => {
    const mine = (await tell(world, owner, page)).activity;
    const stranger = { ...owner, workspaceId: newUuid() };
    const refused = await ask(world, stranger, page, { after: mine.streamCursor });
    expect(refused.errors?.[0]?.extensions['code']).toBe('INVALID_INPUT');
    const events = await watch(world, stranger, follow, { after: mine.streamCursor });
    expect((await events.next()).value.data.activityUpdated).toMatchObject({
      type: 'stream.reset',
      data: { kinds: ['FLOWS', 'ALERTS', 'TRACES'] },
    });
    await events.return?.();
  });
});
