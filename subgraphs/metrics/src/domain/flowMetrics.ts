import { batchLoader, scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import type { RequestContext } from '@tributary/kernel';
import { noTotals } from '../storage/figureExpressions.js';
import type { Latency } from '../storage/figureExpressions.js';
import { totalsOfFlows } from '../storage/flowTotals.js';
import { errorRateOf } from './kpis.js';

export interface FlowMetrics {
  readonly requests: number;
  readonly errorRate: number | null;
  readonly latencyMs: Latency;
  readonly costUsd: number;
  /** Runs whose price was not known. */
  readonly unpricedRequests: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** Totals over all traces of a flow, by its public id: one statement for all flows of a request. */
export async function readFlowMetrics(
  database: Database,
  context: RequestContext,
  flowId: string,
): Promise<FlowMetrics> {
  const loader = batchLoader<string, FlowMetrics>(context, 'metrics.ofFlow', async (flowIds) => {
    const scope = scopeOf(context);
    const rows = await database.read(scope, totalsOfFlows(flowIds));
    return new Map(rows.map((row) => [row.flowId, { ...row, latencyMs: row.latency, errorRate: errorRateOf(row) }]));
  });
  return (await loader.load(flowId)) ?? { ...noTotals, latencyMs: noTotals.latency, errorRate: null };
}
