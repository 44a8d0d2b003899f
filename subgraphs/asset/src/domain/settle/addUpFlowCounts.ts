import { holdTurn } from '@tributary/data';
import type { WorkspaceTransaction } from '@tributary/data';
import { addUpParts, flowsInParts } from '../../storage/flowCountStatements.js';
import { earlierFlows } from '../../storage/missingStatements.js';
import type { SourceRow } from '../../storage/sourceStatements.js';

/** Of a source's earlier flows so many at a time; those that are left come with its next flow. */
const mostFlows = 20;

/** At the end of an import the counts of its flow, and of those whose assets it took over, become one row each again. */
export async function addUpFlowCounts(
  transaction: WorkspaceTransaction,
  flowId: string,
  source: SourceRow,
): Promise<void> {
  const earlier = await transaction.query(earlierFlows(flowId, source));
  for (const flow of [flowId, ...(await transaction.query(flowsInParts(earlier, mostFlows)))])
    if (await holdTurn(transaction, `asset count of ${flow}`)) await transaction.query(addUpParts(flow));
}
