import { sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import type { StreamId } from '@tributary/contracts/events';

/** Stands for what happens now, among a webhook's positions. */
export const liveId = '00000000-0000-0000-0000-000000000000';
/** Stands for a test, which has no place in the log. */
export const testId = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** A message that was sent and not taken, and when it is tried again. */
export interface WaitingMessage {
  readonly seq: number;
  /** How often its receiver would not take it. */
  readonly refusals: number;
  /** How often it was sent, also while its receiver was in trouble. Absent: as often as it was refused. */
  readonly attempts?: number;
  /** Milliseconds since 1970. */
  readonly dueAt: number;
}

/** How far messages have come that do not all wait for each other: `seq` is behind them, and so are `doneSeqs`. */
export interface StoredProgress {
  readonly seq: number;
  readonly cursor: string;
  readonly doneSeqs: readonly number[];
  readonly waiting: readonly WaitingMessage[];
}

/** How far a webhook has come: live, in a replay, or with a test. */
export interface WebhookPosition {
  readonly webhookId: string;
  readonly replayId: string;
  readonly log: StreamId;
  readonly active: boolean;
  /** Read up to. */
  readonly seq: number;
  readonly cursor: string;
  readonly fromSeq: number;
  /** The last one of a replay; null: goes on for ever. */
  readonly untilSeq: number | null;
  /** Only these of a replay; null: all. */
  readonly onlySeqs: readonly number[] | null;
  readonly lastSentSeq: number | null;
  readonly batchUntilSeq: number | null;
  readonly singleUntilSeq: number | null;
  readonly fence: number;
  /** Numbers behind seq that were taken already, where messages do not all wait for each other. */
  readonly doneSeqs: readonly number[];
  /** Those behind seq that wait to be tried again. */
  readonly waiting: readonly WaitingMessage[];
  /** Requests with this batch so far. */
  readonly attempt: number;
  /** Of these, those at which the receiver would not take it. */
  readonly refusals: number;
  readonly nextAttemptAt: Date;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
}

const names = [
  ...[
    'webhook_id',
    'replay_id',
    'log',
    'active',
    'seq',
    'cursor',
    'from_seq',
    'until_seq',
    'only_seqs',
    'last_sent_seq',
  ],
  ...['batch_until_seq', 'single_until_seq', 'done_seqs', 'waiting', 'fence', 'attempt', 'refusals', 'next_attempt_at'],
  ...['started_at', 'finished_at'],
];
const columns = names.join(', ');

/** The columns, of a table that has others beside it. */
function of(alias: string): string {
  return names.map((name) => `${alias}.${name}`).join(', ');
}

function toPosition(row: Row): WebhookPosition {
  const number = (name: string) => (row[name] === null ? null : Number(row[name]));
  return {
    webhookId: row['webhook_id'] as string,
    replayId: row['replay_id'] as string,
    log: row['log'] as StreamId,
    active: row['active'] as boolean,
    seq: Number(row['seq']),
    cursor: row['cursor'] as string,
    fromSeq: Number(row['from_seq']),
    untilSeq: number('until_seq'),
    onlySeqs: (row['only_seqs'] as (string | number)[] | null)?.map(Number) ?? null,
    lastSentSeq: number('last_sent_seq'),
    batchUntilSeq: number('batch_until_seq'),
    singleUntilSeq: number('single_until_seq'),
    doneSeqs: (row['done_seqs'] as (string | number)[]).map(Number),
    waiting: row['waiting'] as WaitingMessage[],
    fence: Number(row['fence']),
    attempt: row['attempt'] as number,
    refusals: row['refusals'] as number,
    nextAttemptAt: row['next_attempt_at'] as Date,
    startedAt: row['started_at'] as Date,
    finishedAt: row['finished_at'] as Date | null,
  };
}

export function positionsOf(webhookIds: readonly string[]): Statement<WebhookPosition> {
  return sql(
    'delivery.positionsOf',
    `select ${columns} from webhook_position where workspace_id = $1 and webhook_id = any($2::uuid[]) order by started_at desc, replay_id`,
    [webhookIds],
    toPosition,
  );
}

export interface NewPosition {
  readonly webhookId: string;
  readonly replayId: string;
  readonly log: StreamId;
  readonly active: boolean;
  readonly seq: number;
  readonly cursor: string;
  readonly untilSeq?: number | null;
  readonly onlySeqs?: readonly number[] | null;
}

/** A new position, or, for one that is there, its new beginning: whoever works on it finds the fence raised. */
export function putPosition(position: NewPosition): Statement<WebhookPosition> {
  const { webhookId, replayId, log, active, seq, cursor, untilSeq = null, onlySeqs = null } = position;
  return sql(
    'delivery.putPosition',
    `insert into webhook_position as p (workspace_id, webhook_id, replay_id, log, active, seq, cursor, from_seq, until_seq, only_seqs)
     values ($1, $2, $3, $4, $5, $6, $7, $6, $8, $9)
     on conflict (workspace_id, webhook_id, replay_id) do update set log = excluded.log, active = excluded.active, seq = excluded.seq,
       cursor = excluded.cursor, from_seq = excluded.from_seq, until_seq = excluded.until_seq, only_seqs = excluded.only_seqs,
       batch_until_seq = null, single_until_seq = null, last_sent_seq = null, done_seqs = '{}', waiting = '[]', fence = p.fence + 1, lease_until = null, attempt = 0, refusals = 0,
       next_attempt_at = excluded.next_attempt_at, started_at = excluded.started_at, finished_at = null
     returning ${columns}`,
    [webhookId, replayId, log, active, seq, cursor, untilSeq, onlySeqs],
    toPosition,
  );
}

/** Lets the positions of a webhook that have not ended work, or keeps them from it, and takes them from whoever is at them. */
export function setActive(webhookId: string, active: boolean): Statement {
  return sql(
    'delivery.setActive',
    `update webhook_position set active = $3, fence = fence + 1, lease_until = null, next_attempt_at = now()
     where workspace_id = $1 and webhook_id = $2 and finished_at is null and replay_id <> '${testId}' returning replay_id`,
    [webhookId, active],
  );
}

/** Names a position. */
export type PositionPlace = Pick<WebhookPosition, 'webhookId' | 'replayId'>;

/** Takes those of these positions that are due for `leaseMs`: no row of one that another was faster with, or is about to take. */
export function claimPositions(places: readonly PositionPlace[], leaseMs: number): Statement<WebhookPosition> {
  return sql(
    'delivery.claimPositions',
    `with due as (
       select p.webhook_id, p.replay_id from webhook_position p
         join unnest($2::uuid[], $3::uuid[]) as place (webhook_id, replay_id)
           on p.webhook_id = place.webhook_id and p.replay_id = place.replay_id
       where p.workspace_id = $1 and p.active and p.next_attempt_at <= now() and (p.lease_until is null or p.lease_until <= now())
       order by p.webhook_id, p.replay_id for update of p skip locked
     )
     update webhook_position p set fence = p.fence + 1, lease_until = now() + $4::integer * interval '1 millisecond'
     from due where p.workspace_id = $1 and p.webhook_id = due.webhook_id and p.replay_id = due.replay_id
     returning ${of('p')}`,
    [places.map(({ webhookId }) => webhookId), places.map(({ replayId }) => replayId), leaseMs],
    toPosition,
  );
}

/** What a worker writes of the position that it holds. */
export interface PositionStep {
  readonly seq: number;
  readonly cursor: string;
  readonly lastSentSeq: number | null;
  readonly batchUntilSeq: number | null;
  readonly singleUntilSeq: number | null;
  readonly attempt: number;
  readonly refusals: number;
  /** Until it is looked at again. */
  readonly waitMs: number;
  readonly finished: boolean;
  /** 0: somebody else may take it. */
  readonly leaseMs: number;
}

export interface HeldStep {
  readonly held: Pick<WebhookPosition, 'webhookId' | 'replayId' | 'fence'>;
  readonly step: PositionStep;
}

/**
 * Writes each as long as nobody else has taken the position since: no row of it otherwise. `now` is PostgreSQL's; Citus adds no interval of a
 * list to a time.
 */
export function movePositions(steps: readonly HeldStep[], now: Date): Statement<WebhookPosition> {
  const list = (valueOf: (step: HeldStep) => unknown) => steps.map(valueOf);
  const inMs = (ms: number) => new Date(now.getTime() + ms);
  return sql(
    'delivery.movePositions',
    `update webhook_position p set seq = s.seq, cursor = s.cursor, last_sent_seq = s.last_sent_seq, batch_until_seq = s.batch_until_seq,
       single_until_seq = s.single_until_seq, attempt = s.attempt, refusals = s.refusals, next_attempt_at = s.next_attempt_at,
       finished_at = s.finished_at, active = p.active and s.finished_at is null, lease_until = s.lease_until
     from unnest($2::uuid[], $3::uuid[], $4::bigint[], $5::bigint[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[], $10::integer[],
       $11::integer[], $12::timestamptz[], $13::timestamptz[], $14::timestamptz[]) as s (webhook_id, replay_id, fence, seq, cursor,
       last_sent_seq, batch_until_seq, single_until_seq, attempt, refusals, next_attempt_at, finished_at, lease_until)
     where p.workspace_id = $1 and p.webhook_id = s.webhook_id and p.replay_id = s.replay_id and p.fence = s.fence and p.active
     returning ${of('p')}`,
    [
      list(({ held }) => held.webhookId),
      list(({ held }) => held.replayId),
      list(({ held }) => held.fence),
      list(({ step }) => step.seq),
      list(({ step }) => step.cursor),
      list(({ step }) => step.lastSentSeq),
      list(({ step }) => step.batchUntilSeq),
      list(({ step }) => step.singleUntilSeq),
      list(({ step }) => step.attempt),
      list(({ step }) => step.refusals),
      list(({ step }) => inMs(step.waitMs)),
      list(({ step }) => (step.finished ? now : null)),
      list(({ step }) => (step.leaseMs > 0 ? inMs(step.leaseMs) : null)),
    ],
    toPosition,
  );
}

/** What a worker writes of a position whose messages go side by side. */
export interface ApartStep extends StoredProgress {
  /** Rounds in a row that ended with the receiver in trouble. */
  readonly attempt: number;
  readonly waitMs: number;
  readonly finished: boolean;
  readonly leaseMs: number;
}

/** Writes it as long as nobody else has taken the position since: no row otherwise. */
export function moveApart(held: WebhookPosition, step: ApartStep): Statement<WebhookPosition> {
  return sql(
    'delivery.moveApart',
    `update webhook_position set seq = $5, cursor = $6, done_seqs = $7::bigint[], waiting = $8::jsonb, attempt = $9,
       next_attempt_at = now() + $10::bigint * interval '1 millisecond',
       finished_at = now() + case when $11::boolean then interval '0' end, active = active and not $11::boolean,
       lease_until = now() + case when $12::integer > 0 then $12::integer * interval '1 millisecond' end
     where workspace_id = $1 and webhook_id = $2 and replay_id = $3 and fence = $4 and active
     returning ${columns}`,
    [
      held.webhookId,
      held.replayId,
      held.fence,
      step.seq,
      step.cursor,
      step.doneSeqs,
      JSON.stringify(step.waiting),
      step.attempt,
      step.waitMs,
      step.finished,
      step.leaseMs,
    ],
    toPosition,
  );
}

/** Of one webhook. */
export function countOpenReplays(webhookId: string): Statement<number> {
  return sql(
    'delivery.countOpenReplays',
    `select count(*) as count from webhook_position
     where workspace_id = $1 and webhook_id = $2 and replay_id not in ('${liveId}', '${testId}') and finished_at is null`,
    [webhookId],
    (row) => Number(row['count']),
  );
}

/** Finished replays but for the newest ones. */
export function forgetReplays(webhookId: string, keep: number): Statement {
  return sql(
    'delivery.forgetReplays',
    `delete from webhook_position where workspace_id = $1 and webhook_id = $2 and replay_id in (
       select replay_id from webhook_position where workspace_id = $1 and webhook_id = $2 and finished_at is not null
         and replay_id not in ('${liveId}', '${testId}') order by finished_at desc offset $3)`,
    [webhookId, keep],
  );
}
