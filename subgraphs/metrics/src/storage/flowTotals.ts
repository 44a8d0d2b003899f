import { planOnce, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { aggregated } from './facts/aggregated.js';
import { toTotals, totalsColumns, totalsShares } from './figureExpressions.js';
import type { TraceTotals } from './figureExpressions.js';
import { batchesOfTail } from './rollup/position.js';

const sums = 'input_tokens, output_tokens, cached_input_tokens, cost_nano';

/** Totals of flows over all their traces: what is rolled up of them, and the traces that the roll-up has not come to. */
export function totalsOfFlows(flowIds: readonly string[]): Statement<TraceTotals & { readonly flowId: string }> {
  const facts = `facts as materialized (
      select f.flow_id as key, f.requests, f.errors, ${sums}, f.unpriced, f.duration_max, f.bins, f.counts, null::float8 as duration_ms
      from trace_flow f where f.workspace_id = $1 and f.flow_id = any ($2::text[])
      union all
      select t.flow_id, 1, (t.status <> 'OK')::integer, ${sums}, (t.cost_source = 'UNPRICED')::integer, t.duration_ms, null, null, t.duration_ms
      from (${batchesOfTail}) tail join trace t on t.workspace_id = $1 and t.batch_id = tail.batch_id
      where t.flow_id = any ($2::text[])
    )`;
  const text = aggregated({
    steps: facts,
    source: 'facts',
    areTraces: false,
    by: ['key'],
    columns: totalsColumns,
    shares: totalsShares,
  });
  return planOnce(
    sql('metrics.totalsOfFlows', text, [flowIds], (row) => ({ ...toTotals(row), flowId: row['key'] as string })),
  );
}
