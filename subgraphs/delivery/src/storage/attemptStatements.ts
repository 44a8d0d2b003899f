import { bulkInsert, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import type { AttemptOutcome } from '@tributary/contracts/values';

/** One request of a webhook. Of its body the size and the hash are kept. */
export interface WebhookAttempt {
  readonly webhookId: string;
  readonly id: string;
  readonly at: Date;
  readonly replayId: string;
  /** Of its last event. */
  readonly seq: number;
  readonly events: number;
  readonly attempt: number;
  readonly outcome: AttemptOutcome;
  readonly statusCode: number | null;
  readonly durationMs: number;
  readonly bytes: number;
  readonly bodySha256: string;
  /** The beginning of what was answered, or why nothing was. */
  readonly answer: string | null;
}

const columns =
  'webhook_id, id, at, replay_id, seq, events, attempt, outcome, status_code, duration_ms, bytes, body_sha256, answer';

function toAttempt(row: Row): WebhookAttempt {
  return {
    webhookId: row['webhook_id'] as string,
    id: row['id'] as string,
    at: row['at'] as Date,
    replayId: row['replay_id'] as string,
    seq: Number(row['seq']),
    events: row['events'] as number,
    attempt: row['attempt'] as number,
    outcome: row['outcome'] as AttemptOutcome,
    statusCode: row['status_code'] as number | null,
    durationMs: row['duration_ms'] as number,
    bytes: row['bytes'] as number,
    bodySha256: row['body_sha256'] as string,
    answer: row['answer'] as string | null,
  };
}

export function insertAttempts(attempts: readonly WebhookAttempt[]): Statement {
  const { text, values } = bulkInsert({
    into: 'webhook_attempt',
    entries: attempts,
    columns: {
      webhook_id: { type: 'uuid', of: ({ webhookId }) => webhookId },
      id: { type: 'uuid', of: ({ id }) => id },
      at: { type: 'timestamptz', of: ({ at }) => at },
      replay_id: { type: 'uuid', of: ({ replayId }) => replayId },
      seq: { type: 'bigint', of: ({ seq }) => seq },
      events: { type: 'integer', of: ({ events }) => events },
      attempt: { type: 'integer', of: ({ attempt }) => attempt },
      outcome: { type: 'text', of: ({ outcome }) => outcome },
      status_code: { type: 'integer', of: ({ statusCode }) => statusCode },
      duration_ms: { type: 'double precision', of: ({ durationMs }) => durationMs },
      bytes: { type: 'integer', of: ({ bytes }) => bytes },
      body_sha256: { type: 'text', of: ({ bodySha256 }) => bodySha256 },
      answer: { type: 'text', of: ({ answer }) => answer },
    },
  });
  return sql('delivery.insertAttempts', text, values);
}

/** Newest first, behind `after`. */
export function attemptsOf(webhookId: string, after: string | null, limit: number): Statement<WebhookAttempt> {
  return sql(
    'delivery.attemptsOf',
    `select ${columns} from webhook_attempt
     where workspace_id = $1 and webhook_id = $2 and ($3::uuid is null or id < $3) order by id desc limit $4`,
    [webhookId, after, limit],
    toAttempt,
  );
}

/** The newest test behind `after`. */
export function attemptOfTest(webhookId: string, replayId: string, after: string): Statement<WebhookAttempt> {
  return sql(
    'delivery.attemptOfTest',
    `select ${columns} from webhook_attempt
     where workspace_id = $1 and webhook_id = $2 and replay_id = $3 and id > $4 order by id desc limit 1`,
    [webhookId, replayId, after],
    toAttempt,
  );
}

export function deleteAttempts(before: Date, most: number): Statement {
  return sql(
    'delivery.deleteAttempts',
    `delete from webhook_attempt where workspace_id = $1 and (webhook_id, id) in (
       select webhook_id, id from webhook_attempt where workspace_id = $1 and at < $2 order by at limit $3) returning id`,
    [before, most],
  );
}
