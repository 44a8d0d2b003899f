import type { WorkspaceTransaction } from '@tributary/data';
import { deleteSaid, deleteUnsaid, lockEdges, staleEdges } from '../../storage/settleStatements.js';
import type { StalePosition } from '../../storage/settleStatements.js';

export interface EndingEdges {
  readonly flowId: string;
  /** Ids under which the source spoke. */
  readonly sourceIds: readonly string[];
  readonly kinds: readonly string[];
  readonly after: string | null;
}

/** Edges that one slice looks at. */
const sliceOfEdges = 2_000;

/** Ends edges of a slice that the source said of rows which it shows again without them, unless another source says them, too. */
export async function endEdges(
  transaction: WorkspaceTransaction,
  { flowId, sourceIds, kinds, after }: EndingEdges,
): Promise<{ ended: number; next: string | null }> {
  if (kinds.length === 0) return { ended: 0, next: null };
  const from = after === null ? null : (JSON.parse(after) as StalePosition);
  const stale = await transaction.query(staleEdges(flowId, sourceIds, kinds, from, sliceOfEdges));
  const over = stale.filter(({ isOver }) => isOver);
  let ended = 0;
  if (over.length > 0) {
    await transaction.query(deleteSaid(flowId, over));
    // Whoever says one of them at this moment has its row; what they say is seen by the statement behind the lock.
    await transaction.query(lockEdges(over));
    ended = (await transaction.query(deleteUnsaid(over))).length;
  }
  return { ended, next: stale.length < sliceOfEdges ? null : JSON.stringify(positionOf(stale.at(-1)!)) };
}

function positionOf({ sourceId, flowId, fromId, toId, kind }: StalePosition): StalePosition {
  return { sourceId, flowId, fromId, toId, kind };
}
