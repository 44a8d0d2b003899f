import type { WorkspaceTransaction } from '@tributary/data';
import { deleteSaid, deleteUnsaid, lockEdges, staleEdges } from '../../storage/settleStatements.js';
import type { Said, StalePosition } from '../../storage/settleStatements.js';

export interface EndingEdges {
  readonly said: Said;
  /** Whether the source says all that it knows: then also what it said of rows that it does not show is over. */
  readonly isComplete: boolean;
  readonly after: StalePosition | null;
}

/** Edges that one slice looks at. */
const edgesPerSlice = 2_000;

/** Ends edges of a slice that the source said of rows or pairs which it speaks of again without them, unless another source says them, too. */
export async function endEdges(
  transaction: WorkspaceTransaction,
  { said, isComplete, after }: EndingEdges,
): Promise<{ ended: number; last: StalePosition | null }> {
  if (said.kinds.length === 0) return { ended: 0, last: null };
  const stale = await transaction.query(staleEdges(said, after, edgesPerSlice));
  const over = stale.filter(({ isOver }) => isComplete || isOver);
  let ended = 0;
  if (over.length > 0) {
    await transaction.query(deleteSaid(said.flowId, over));
    // Whoever says one of them at this moment has its row; what they say is seen by the statement behind the lock.
    await transaction.query(lockEdges(over));
    ended = (await transaction.query(deleteUnsaid(over))).length;
  }
  return { ended, last: stale.length < edgesPerSlice ? null : positionOf(stale.at(-1)!) };
}

function positionOf({ sourceId, flowId, fromId, toId, kind }: StalePosition): StalePosition {
  return { sourceId, flowId, fromId, toId, kind };
}
