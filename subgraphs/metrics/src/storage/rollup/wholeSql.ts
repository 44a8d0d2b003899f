import { addedUp, addedUpWithBins, sumsOfTraces } from './cellSql.js';

const errors = `(count(*) filter (where t.status <> 'OK'))::bigint as errors`;
const sumNames =
  'errors, requests, input_tokens, output_tokens, cached_input_tokens, cost_nano, unpriced, duration_max';

/** Takes traces into the totals of their flows: `chosen` says which, as `t`. */
export function addedToFlows(chosen: string): string {
  return `insert into trace_flow (workspace_id, flow_id, ${sumNames}, bins, counts)
     with part as materialized (
       select t.flow_id, duration_bin(t.duration_ms) as bin, ${errors}, ${sumsOfTraces}
       from trace t where ${chosen} and t.flow_id is not null group by 1, 2
     )
     select $1, flow_id, sum(errors), sum(requests), sum(input_tokens), sum(output_tokens), sum(cached_input_tokens), sum(cost_nano),
       sum(unpriced), max(duration_max), array_agg(bin order by bin), array_agg(requests order by bin)
     from part group by flow_id order by flow_id
     on conflict (workspace_id, flow_id) do update set ${addedUpWithBins('trace_flow', ['errors'])}`;
}

/** Takes traces into the totals of their sessions: `chosen` says which, as `t`. */
export function addedToSessions(chosen: string): string {
  return `insert into trace_session (workspace_id, session_id, user_id, first_at, last_at, ${sumNames})
     select t.workspace_id, t.session_id, (array_agg(t.user_id order by t.id) filter (where t.user_id is not null))[1], min(trace_at(t.id)), max(trace_at(t.id)), ${errors}, ${sumsOfTraces}
     from trace t where ${chosen} and t.session_id is not null
     group by t.workspace_id, t.session_id order by t.session_id
     on conflict (workspace_id, session_id) do update set user_id = coalesce(trace_session.user_id, excluded.user_id),
       first_at = least(trace_session.first_at, excluded.first_at), last_at = greatest(trace_session.last_at, excluded.last_at),
       ${addedUp('trace_session', ['errors'])}`;
}
