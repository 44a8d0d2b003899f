import { sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import type { DeadLetterState } from '@tributary/contracts/values';

/** An event that a webhook's receiver would not take. */
export interface DeadLetter {
  readonly webhookId: string;
  readonly id: string;
  readonly seq: number;
  readonly eventId: string;
  readonly type: string;
  readonly at: Date;
  readonly reason: string;
  readonly attempts: number;
  readonly state: DeadLetterState;
}

const columns = 'webhook_id, id, seq, event_id, type, at, reason, attempts, state';

function toDeadLetter(row: Row): DeadLetter {
  return {
    webhookId: row['webhook_id'] as string,
    id: row['id'] as string,
    seq: Number(row['seq']),
    eventId: row['event_id'] as string,
    type: row['type'] as string,
    at: row['at'] as Date,
    reason: row['reason'] as string,
    attempts: row['attempts'] as number,
    state: row['state'] as DeadLetterState,
  };
}

/** One that was dead before, in a replay, says anew why. */
export function putDeadLetter(letter: DeadLetter): Statement {
  const { webhookId, id, seq, eventId, type, at, reason, attempts, state } = letter;
  return sql(
    'delivery.putDeadLetter',
    `insert into webhook_dead_letter (workspace_id, ${columns}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     on conflict (workspace_id, webhook_id, seq) do update
     set at = excluded.at, reason = excluded.reason, attempts = excluded.attempts, state = excluded.state`,
    [webhookId, id, seq, eventId, type, at, reason, attempts, state],
  );
}

/** Newest first, behind `after`, in one of these states. */
export function deadLettersOf(
  webhookId: string,
  states: readonly DeadLetterState[] | null,
  after: string | null,
  limit: number,
): Statement<DeadLetter> {
  return sql(
    'delivery.deadLettersOf',
    `select ${columns} from webhook_dead_letter
     where workspace_id = $1 and webhook_id = $2 and ($3::text[] is null or state = any($3)) and ($4::uuid is null or id < $4)
     order by id desc limit $5`,
    [webhookId, states, after, limit],
    toDeadLetter,
  );
}

export function countDeadLetters(webhookId: string, states: readonly DeadLetterState[] | null): Statement<number> {
  return sql(
    'delivery.countDeadLetters',
    `select count(*) as count from webhook_dead_letter
     where workspace_id = $1 and webhook_id = $2 and ($3::text[] is null or state = any($3))`,
    [webhookId, states],
    (row) => Number(row['count']),
  );
}

/** Those of these that wait. */
export function waitingDeadLetters(webhookId: string, ids: readonly string[]): Statement<DeadLetter> {
  return sql(
    'delivery.waitingDeadLetters',
    `select ${columns} from webhook_dead_letter
     where workspace_id = $1 and webhook_id = $2 and id = any($3::uuid[]) and state = 'DEAD' order by seq`,
    [webhookId, ids],
    toDeadLetter,
  );
}

export function discardDeadLetters(webhookId: string, ids: readonly string[]): Statement {
  return sql(
    'delivery.discardDeadLetters',
    `update webhook_dead_letter set state = 'DISCARDED'
     where workspace_id = $1 and webhook_id = $2 and id = any($3::uuid[]) and state = 'DEAD' returning id`,
    [webhookId, ids],
  );
}

/** That events which were dead have been taken after all. */
export function markSent(webhookId: string, seqs: readonly number[]): Statement {
  return sql(
    'delivery.markSent',
    `update webhook_dead_letter set state = 'SENT'
     where workspace_id = $1 and webhook_id = $2 and seq = any($3::bigint[]) and state = 'DEAD' returning id`,
    [webhookId, seqs],
  );
}
