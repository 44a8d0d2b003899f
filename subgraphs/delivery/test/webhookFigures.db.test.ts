import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { LocalCommandClient } from '@tributary/commands';
import { webhookFiguresCommand } from '@tributary/contracts/commands';
import type { InputOf } from '@tributary/contracts/commands';
import type { Principal } from '@tributary/contracts/principal';
import { Deadline, newUuid } from '@tributary/kernel';
import { person, startSubgraphWorld } from '@tributary/kit/world';
import type { SubgraphWorld } from '@tributary/kit/world';
import { deliverySubgraph } from '@tributary/subgraph-delivery';
import { Client } from 'pg';

let world: SubgraphWorld;
let admin: Client;
const ann = person(newUuid(), 'OPERATOR');
const noon = Date.parse('2027-01-01T12:00:00Z');
const minute = 60_000;

beforeAll(async () => {
  world = await startSubgraphWorld(deliverySubgraph());
  admin = new Client({ connectionString: world.testDatabase.superuserUrl });
  await admin.connect();
}, 60_000);
afterAll(async () => {
  await admin.end();
  await world[Symbol.asyncDispose]();
});

interface Facts {
  readonly status?: string;
  readonly reason?: string;
  /** In minutes from noon. */
  readonly failingSince?: number;
  readonly seq?: number;
  readonly log?: string;
}

async function webhook(facts: Facts = {}, workspaceId = ann.workspaceId): Promise<string> {
  const id = newUuid();
  const { status = 'ACTIVE', reason = null, failingSince, seq = 0, log = 'alerts' } = facts;
  await admin.query(
    `insert into webhook (workspace_id, id, name, url, document, variables, stream, log, cost_per_event, format, signing, max_batch, max_per_second,
       owner_kind, owner_id, status, status_reason, failing_since)
     values ($1, $2, 'One', 'https://example.com', '', '{}', 'alertUpdates', $3, 1, 'STANDARD', 'SYMMETRIC', 1, 20, 'user', $2, $4, $5, $6)`,
    [workspaceId, id, log, status, reason, failingSince === undefined ? null : at(failingSince)],
  );
  await admin.query(
    `insert into webhook_position (workspace_id, webhook_id, replay_id, log, active, seq, cursor, from_seq)
     values ($1, $2, '00000000-0000-0000-0000-000000000000', $3, true, $4, '', 0)`,
    [workspaceId, id, log, seq],
  );
  return `hook_${id}`;
}

const at = (minutes: number) => new Date(noon + minutes * minute);

/** Events of a log, by when they happened, in minutes from noon. */
async function events(log: string, moments: readonly number[], workspaceId = ann.workspaceId): Promise<void> {
  for (const [index, moment] of moments.entries())
    await admin.query(
      `insert into event (workspace_id, stream_id, seq, event_id, type, payload, at) values ($1, $2, $3, $4, 'x', '{}', $5)`,
      [workspaceId, log, index + 1, newUuid(), at(moment)],
    );
}

type Question = InputOf<typeof webhookFiguresCommand>;
const ask = async (measure: Question['measure'], groupBy: Question['groupBy'], count = 1, who: Principal = ann) => {
  const question = { measure, groupBy, firstEnd: at(0), count, stepMs: 10 * minute };
  const client = new LocalCommandClient(world.subgraph.commands);
  const context = { principal: who, requestId: newUuid(), deadline: Deadline.in(10_000) };
  const found = await client.call(webhookFiguresCommand, question, context);
  return found.map(({ index, key, value }) => [index, key, value]);
};
const sorted = (figures: unknown[][]) => figures.toSorted((one, other) => (String(one) < String(other) ? -1 : 1));

test('webhooks whose receivers do not answer are measured since when, also those that were given up', async () => {
  expect(await ask('WEBHOOK_FAILING_SECONDS', null)).toEqual([]);
  await webhook();
  const failing = await webhook({ status: 'FAILING', failingSince: -5 });
  const later = await webhook({ status: 'FAILING', failingSince: 5 });
  const given = await webhook({ status: 'DISABLED', reason: 'FAILING_TOO_LONG', failingSince: -60 });
  await webhook({ status: 'DISABLED', reason: 'GONE', failingSince: -90 });
  await webhook({ status: 'PAUSED', reason: 'BY_PERSON', failingSince: -90 });
  await webhook({ status: 'FAILING', failingSince: -600 }, newUuid());
  expect(sorted(await ask('WEBHOOK_FAILING_SECONDS', 'WEBHOOK', 2))).toEqual(
    sorted([
      [0, failing, 300],
      [0, given, 3_600],
      [1, failing, 900],
      [1, given, 4_200],
      [1, later, 300],
    ]),
  );
  expect(await ask('WEBHOOK_FAILING_SECONDS', null, 2)).toEqual([
    [0, null, 3_600],
    [1, null, 4_200],
  ]);
});

test('webhooks are behind by what of their stream they have not taken, of what there was at each moment', async () => {
  const bob = person(newUuid(), 'OPERATOR');
  const of = (facts: Facts = {}) => webhook(facts, bob.workspaceId);
  await events('alerts', [-30, -20, -10, 0, 5, 25], bob.workspaceId);
  await events('flows', [-30], bob.workspaceId);
  await events('alerts', [-30, -20, -10, -5, -4, -3, -2], newUuid());
  const behind = await of({ seq: 1 });
  await of({ seq: 6 });
  const nearly = await of({ seq: 4, status: 'FAILING' });
  await of({ seq: 0, status: 'PAUSED' });
  const other = await of({ log: 'flows' });
  expect(sorted(await ask('WEBHOOK_LAG_EVENTS', 'WEBHOOK', 4, bob))).toEqual(
    sorted([
      [0, behind, 2],
      [0, other, 1],
      [1, behind, 4],
      [1, nearly, 1],
      [1, other, 1],
      // Nothing happened in between.
      [2, behind, 4],
      [2, nearly, 1],
      [2, other, 1],
      [3, behind, 5],
      [3, nearly, 2],
      [3, other, 1],
    ]),
  );
  expect(await ask('WEBHOOK_LAG_EVENTS', null, 1, bob)).toEqual([[0, null, 2]]);
});

test('whoever may not see webhooks does not see how they are doing', async () => {
  await expect(ask('WEBHOOK_LAG_EVENTS', null, 1, person(ann.workspaceId, 'VIEWER'))).rejects.toMatchObject({
    code: 'INSUFFICIENT_PERMISSIONS',
  });
});
