import { createHash } from 'node:crypto';
import { CodedError } from '@tributary/contracts/errors';
import type { Actor } from '@tributary/contracts/principal';
import { canonicalJson } from './canonicalJson.js';
import type { Database } from './Database.js';
import { deleteOldRows } from './deleteOldRows.js';
import { fromSnapshot, toSnapshot } from './snapshot.js';
import { sql } from './statement.js';
import type { WorkspaceTransaction } from './WorkspaceTransaction.js';

/** How long a key is held against its input. */
const keptHours = 24;

export interface KeyedMutation {
  readonly actor: Actor;
  /** The mutation's root field. */
  readonly field: string;
  /** 1 to 200 characters; null for a mutation that may run as often as it is sent. */
  readonly idempotencyKey: string | null;
  /** The coerced input, defaults filled in. The key itself does not count. */
  readonly input: object;
}

export interface KeyedOutcome<Result> {
  readonly result: Result;
  /** True when nothing was done now: the result is what the first call recorded. */
  readonly replayed: boolean;
}

/**
 * Runs `work` once for each (workspace, actor, field, key) within 24 hours. The key's row is written first, in the same transaction,
 * so a second call with the key waits for the first, then sees its recorded result; a failure records nothing.
 * Throws RESOURCE_CONFLICT when the key was used with another input.
 *
 * `forget` takes what must not be stored (a secret) out of the recorded result.
 */
export async function once<Result>(
  transaction: WorkspaceTransaction,
  mutation: KeyedMutation,
  work: () => Promise<Result>,
  forget: (result: Result) => Result = (result) => result,
): Promise<KeyedOutcome<Result>> {
  const key = mutation.idempotencyKey;
  if (key === null) return { result: await work(), replayed: false };
  if (key.length < 1 || key.length > 200) {
    throw new CodedError('INVALID_INPUT', 'An idempotencyKey has 1 to 200 characters.', { field: 'idempotencyKey' });
  }
  const place = [actorKey(mutation.actor), mutation.field, key];
  const inputHash = hashInput(mutation.input);
  const claimed = await transaction.queryOne(
    sql(
      'idempotency.claim',
      `insert into idempotency_key as held (workspace_id, principal, field, key, input_hash, created_at)
       values ($1, $2, $3, $4, $5, now())
       on conflict (workspace_id, principal, field, key) do update
       set input_hash = excluded.input_hash, result = null, created_at = excluded.created_at
       where held.created_at < $6
       returning key`,
      [...place, inputHash, endOfHold()],
    ),
  );
  if (!claimed) return { result: await recorded<Result>(transaction, place, inputHash), replayed: true };
  const result = await work();
  await transaction.query(
    sql(
      'idempotency.record',
      `update idempotency_key set result = $5::jsonb where workspace_id = $1 and principal = $2 and field = $3 and key = $4`,
      [...place, toSnapshot(forget(result))],
    ),
  );
  return { result, replayed: false };
}

async function recorded<Result>(
  transaction: WorkspaceTransaction,
  place: string[],
  inputHash: Buffer,
): Promise<Result> {
  const row = await transaction.queryOne(
    sql(
      'idempotency.read',
      `select input_hash, result from idempotency_key where workspace_id = $1 and principal = $2 and field = $3 and key = $4`,
      place,
    ),
  );
  if (!row || !(row['input_hash'] as Buffer).equals(inputHash)) {
    throw new CodedError(
      'RESOURCE_CONFLICT',
      'This idempotencyKey was used with another input. Use a new key for a new request.',
      {
        reason: 'IDEMPOTENCY_KEY_REUSED',
      },
    );
  }
  return fromSnapshot(row['result']) as Result;
}

/** Deletes keys that hold nothing back any more, in all workspaces. Answers how many. */
export function deleteOldIdempotencyKeys(database: Database): Promise<number> {
  return deleteOldRows(database, {
    turn: 'idempotency keys',
    lookup: 'workspaces_with_old_idempotency_keys',
    before: endOfHold(),
    delete: (before, most) =>
      sql(
        'idempotency.deleteOld',
        `delete from idempotency_key where workspace_id = $1 and (principal, field, key) in (
           select principal, field, key from idempotency_key where workspace_id = $1 and created_at < $2
           order by created_at limit $3 for update skip locked
         ) returning 1`,
        [before, most],
      ),
  });
}

/** Keys from before it are free again. */
function endOfHold(): Date {
  return new Date(Date.now() - keptHours * 3_600_000);
}

function actorKey(actor: Actor): string {
  return actor.kind === 'system' ? `system:${actor.part}` : `${actor.kind}:${actor.id}`;
}

function hashInput(input: object): Buffer {
  const { idempotencyKey: _, ...rest } = input as Record<string, unknown>;
  return createHash('sha256').update(canonicalJson(rest)).digest();
}
