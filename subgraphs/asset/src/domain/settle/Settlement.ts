import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { InputOf, settleCommand, SettleOutcome } from '@tributary/contracts/commands';
import { idsOfSource, noteFlow } from '../../storage/sourceStatements.js';
import type { SourceRow } from '../../storage/sourceStatements.js';
import { onceForChunk, retryOnCollision } from '../onceForChunk.js';
import { sourceOf } from '../sourceOf.js';
import { endEdges } from './endEdges.js';

/** Holds what a source says now against what it said before: one transaction a slice. */
export class Settlement {
  constructor(private readonly database: Database) {}

  async settle(context: RequestContext, input: InputOf<typeof settleCommand>): Promise<SettleOutcome> {
    const source = sourceOf(context.principal.workspaceId, input.source);
    const key = { flowId: input.flowId, kind: 'settle', chunk: input.chunk } as const;
    return retryOnCollision(() =>
      this.database.withWorkspace(scopeOf(context), (transaction) =>
        onceForChunk(transaction, key, () => settleSlice(transaction, source, input)),
      ),
    );
  }
}

async function settleSlice(
  transaction: WorkspaceTransaction,
  source: SourceRow,
  { flowId, kinds, after }: InputOf<typeof settleCommand>,
): Promise<SettleOutcome> {
  await transaction.query(noteFlow(flowId, source));
  const sourceIds = await transaction.query(idsOfSource(source));
  return endEdges(transaction, { flowId, sourceIds, kinds, after });
}
