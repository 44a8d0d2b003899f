import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

const sums = `count(*) as requests, count(*) filter (where status <> 'OK') as errors, sum(input_tokens) as input_tokens,
  sum(output_tokens) as output_tokens, sum(cost_nano) * 0.000000001 as cost, count(*) filter (where cost_source = 'UNPRICED') as unpriced`;

const toSums = (row: Record<string, unknown>) => ({
  requests: Number(row['requests']),
  errors: Number(row['errors']),
  inputTokens: Number(row['input_tokens']),
  outputTokens: Number(row['output_tokens']),
  costUsd: Number(row['cost']),
  unpricedRequests: Number(row['unpriced']),
});

/** What the totals of a session must be, by its traces alone. No row without any. */
export function sessionOfTraces(sessionId: string): Statement<unknown> {
  return sql(
    'proof.session',
    `select min(trace_at(id)) as first_at, max(trace_at(id)) as last_at, ${sums} from trace
     where workspace_id = $1 and session_id = $2 having count(*) > 0`,
    [sessionId],
    (row) => ({ firstAt: row['first_at'], lastAt: row['last_at'], ...toSums(row) }),
  );
}

/** What the totals of a flow must be, by its traces alone. No row without any. */
export function flowOfTraces(flowId: string): Statement<unknown> {
  return sql(
    'proof.flow',
    `select max(duration_ms) as longest, ${sums} from trace where workspace_id = $1 and flow_id = $2 having count(*) > 0`,
    [flowId],
    (row) => ({ longest: row['longest'], ...toSums(row) }),
  );
}
