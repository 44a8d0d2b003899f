import { holdTurn, sql } from '@tributary/data';
import type { Database, Statement, WorkspaceTransaction } from '@tributary/data';
import { eventStreams, streamKind } from '@tributary/contracts/events';
import type { StreamId } from '@tributary/contracts/events';

export interface RetiredEvents {
  /** Events that can no longer be replayed. */
  readonly retired: number;
  /** Rows that are gone. A flow's history stays. */
  readonly deleted: number;
}

const streamsOfPage = 1_000;
/** Events of one transaction: it holds the stream's head, for which its writers wait. */
const eventsOfTurn = 2_000;
const firstWorkspace = '00000000-0000-0000-0000-000000000000';

/**
 * Ends the replay of events from before `before`, in the streams of all workspaces: `min_seq` moves behind them, and a cursor in front
 * of it gets `stream.reset`. Rows of a flow's stream stay, since a flow shows its history for ever; rows of the streams of a workspace
 * are deleted. What a durable consumer has still to read is kept. Ends early when another process is at it.
 */
export async function retireEvents(database: Database, before: Date): Promise<RetiredEvents> {
  const total = { retired: 0, deleted: 0 };
  let [workspaceId, stream] = [firstWorkspace, ''];
  for (;;) {
    const page = await database.lookup('streams_with_old_events', [before, workspaceId, stream, streamsOfPage]);
    for (const row of page) {
      workspaceId = row['workspace_id'] as string;
      stream = row['stream_id'] as string;
      if (row['is_old'] !== true) continue;
      const done = await retireStream(database, workspaceId, stream as StreamId, before);
      total.retired += done.retired;
      total.deleted += done.deleted;
      if (!done.hadTurn) return total;
    }
    if (page.length === 0) return total;
  }
}

async function retireStream(
  database: Database,
  workspaceId: string,
  stream: StreamId,
  before: Date,
): Promise<RetiredEvents & { hadTurn: boolean }> {
  const total = { retired: 0, deleted: 0 };
  for (;;) {
    const turn = await database.withWorkspace({ workspaceId }, (transaction) => takeTurn(transaction, stream, before));
    if (turn === null) return { ...total, hadTurn: false };
    total.retired += turn.retired;
    total.deleted += turn.deleted;
    if (turn.retired < eventsOfTurn) return { ...total, hadTurn: true };
  }
}

async function takeTurn(
  transaction: WorkspaceTransaction,
  stream: StreamId,
  before: Date,
): Promise<RetiredEvents | null> {
  if (!(await holdTurn(transaction, 'event retention'))) return null;
  await transaction.query(lockHead(stream));
  const [retired = 0] = await transaction.query(moveMinimum(stream, before));
  const deleted = eventStreams[streamKind(stream)].historyStays ? [] : await transaction.query(deleteRetired(stream));
  return { retired, deleted: deleted.length };
}

/** A statement of its own: the next one must see every event that was written before the lock was free. */
function lockHead(stream: StreamId): Statement {
  return sql('event.lockHead', 'select 1 from stream_head where workspace_id = $1 and stream_id = $2 for update', [
    stream,
  ]);
}

/** Moves `min_seq` to the first event that is young enough, or that a consumer has not read. Its row answers how many it passed. */
function moveMinimum(stream: StreamId, before: Date): Statement<number> {
  return sql(
    'event.moveMinimum',
    `with bound as (
       select min_seq, least(
         last_seq + 1,
         min_seq + $4,
         (select e.seq from event e where e.workspace_id = $1 and e.stream_id = $2 and e.seq >= head.min_seq
          and e.seq < head.min_seq + $4 and e.at >= $3 order by e.seq limit 1),
         (select min(p.seq) + 1 from consumer_position p where p.workspace_id = $1 and p.stream_id = $2)
       ) as next from stream_head head where workspace_id = $1 and stream_id = $2
     )
     update stream_head h set min_seq = bound.next from bound
     where h.workspace_id = $1 and h.stream_id = $2 and bound.next > bound.min_seq
     returning bound.next - bound.min_seq as passed`,
    [stream, before, eventsOfTurn],
    (row) => Number(row['passed']),
  );
}

/** The event right in front of `min_seq` stays: a cursor on it has missed nothing, and is recognised by it. */
function deleteRetired(stream: StreamId): Statement {
  return sql(
    'event.deleteRetired',
    `delete from event e using stream_head h
     where h.workspace_id = $1 and h.stream_id = $2 and e.workspace_id = $1 and e.stream_id = $2 and e.seq < h.min_seq - 1
     returning e.seq`,
    [stream],
  );
}
