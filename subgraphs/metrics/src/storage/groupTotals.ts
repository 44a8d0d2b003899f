import type { MetricDimension } from '@tributary/contracts/values';
import { Parameters, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { aggregated } from './facts/aggregated.js';
import { factsOf } from './facts/facts.js';
import { figureOf } from './facts/figureOf.js';
import { toTotals, totalsColumns, totalsShares } from './figureExpressions.js';
import type { TraceTotals } from './figureExpressions.js';
import type { TraceSelection } from './traceSelection.js';

/** What groups are ranked by: the heaviest come first. */
export type GroupWeight = 'REQUESTS' | 'TOKENS' | 'COST';

const weights = {
  REQUESTS: 'requests',
  TOKENS: 'input_tokens + output_tokens',
  COST: 'cost_usd',
} as const satisfies Record<GroupWeight, string>;

export interface TotalsOfGroup extends TraceTotals {
  /** Null for traces without a value. */
  readonly key: string | null;
}

/** Everything that is summed up of the heaviest groups of a dimension; among equally heavy ones the busiest first. */
export function groupTotals(
  selection: TraceSelection,
  by: MetricDimension,
  weight: GroupWeight,
  limit: number,
): Statement<TotalsOfGroup> {
  const parameters = new Parameters();
  const facts = factsOf(parameters, { selection, groupBy: by, coarsest: 'DAY', needs: 'DURATIONS' });
  const rows = aggregated({ ...facts, source: 'facts', by: ['key'], columns: totalsColumns, shares: totalsShares });
  const text = `select * from (${rows}) figure
    order by ${weights[weight]} desc, requests desc, nullif(key, '') limit ${parameters.add(limit)}`;
  return figureOf(
    facts,
    sql('metrics.groupTotals', text, parameters.values, (row) => ({
      ...toTotals(row),
      key: (row['key'] as string) || null,
    })),
  );
}
