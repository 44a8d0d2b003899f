import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database, WorkspaceTransaction } from '@tributary/data';
import type { InputOf, settleCommand, SettleOutcome } from '@tributary/contracts/commands';
import { countShown, earlierFlows } from '../../storage/missingStatements.js';
import type { AbsentAsset } from '../../storage/missingStatements.js';
import type { StalePosition } from '../../storage/settleStatements.js';
import { idsOfSource, noteFlow } from '../../storage/sourceStatements.js';
import type { SourceRow } from '../../storage/sourceStatements.js';
import { onceForChunk, retryOnCollision } from '../onceForChunk.js';
import { sourceOf } from '../sourceOf.js';
import { addUpFlowCounts } from './addUpFlowCounts.js';
import { endEdges } from './endEdges.js';
import { markMissing } from './markMissing.js';

type Input = InputOf<typeof settleCommand>;

/** Where the next slice goes on. */
type Position =
  | { readonly stage: 'edges'; readonly after: StalePosition | null }
  | { readonly stage: 'own' | 'several'; readonly after: AbsentAsset | null };

const nothing: SettleOutcome = { ended: 0, missing: 0, retired: 0, shown: 0, notShown: 0, next: null };

/** Assets that are counted of what a source shows and does not, at most. */
const maxCounted = 1_000_000;

/** Holds what a source says now against what it said before: one transaction a slice. */
export class Settlement {
  constructor(private readonly database: Database) {}

  async settle(context: RequestContext, input: Input): Promise<SettleOutcome> {
    const source = sourceOf(context.principal.workspaceId, input.source);
    const key = { flowId: input.flowId, kind: 'settle', chunk: input.chunk } as const;
    return retryOnCollision(() =>
      this.database.withWorkspace(scopeOf(context), (transaction) =>
        onceForChunk(transaction, key, async () => {
          const outcome = await settleSlice(transaction, context, source, input);
          if (outcome.next === null) await addUpFlowCounts(transaction, input.flowId, source);
          return outcome;
        }),
      ),
    );
  }
}

/** Edges first; then, of a complete import, what the source saw last, and what others have seen since. */
async function settleSlice(
  transaction: WorkspaceTransaction,
  context: RequestContext,
  source: SourceRow,
  { flowId, kinds, rowsAreDependencies = false, coverage, retireAfter, after }: Input,
): Promise<SettleOutcome> {
  await transaction.query(noteFlow(flowId, source));
  const sourceIds = await transaction.query(idsOfSource(source));
  const isComplete = coverage === 'COMPLETE';
  const position = after === null ? ({ stage: 'edges', after: null } as const) : (JSON.parse(after) as Position);
  if (position.stage === 'edges') {
    const said = { flowId, sourceIds, kinds, rowsAreDependencies };
    const { ended, last } = await endEdges(transaction, { said, isComplete, after: position.after });
    if (last) return { ...nothing, ended, next: nextOf({ stage: 'edges', after: last }) };
    if (isComplete) return { ...nothing, ended, next: nextOf({ stage: 'own', after: null }) };
    const earlier = await transaction.query(earlierFlows(flowId, source));
    const counts = await transaction.queryOne(countShown(flowId, earlier, maxCounted));
    return { ...nothing, ...counts, ended };
  }
  const { stage } = position;
  const earlier = await transaction.query(earlierFlows(flowId, source));
  const absences = { flowId, sourceIds, earlier, retireAfter };
  const { last, ...counts } = await markMissing(transaction, context, absences, stage, position.after);
  const next: Position | null = last
    ? { stage, after: last }
    : stage === 'own'
      ? { stage: 'several', after: null }
      : null;
  return { ...nothing, ...counts, next: next && nextOf(next) };
}

function nextOf(position: Position): string {
  return JSON.stringify(position);
}
