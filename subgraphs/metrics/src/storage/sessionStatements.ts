import { heavy, Parameters, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import { fence } from './facts/traceFact.js';
import { batchesOfTail } from './rollup/position.js';
import { firstIdAt } from './traceId.js';

/** All traces of one conversation, whenever they were, also those that are no longer kept. */
export interface SessionTotals {
  readonly sessionId: string;
  /** Of the first traces that came and name one. */
  readonly userId: string | null;
  readonly firstAt: Date;
  readonly lastAt: Date;
  readonly requests: number;
  readonly errors: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly unpricedRequests: number;
}

/**
 * A query of whole sessions, by their ids: what is rolled up of them, also of traces that are no longer kept, and the traces that the
 * roll-up has not come to.
 */
const wholeSessions = (ids: string) => `select p.session_id, min(p.first_at) as first_at, max(p.last_at) as last_at,
    (array_agg(p.user_id order by p.first_at) filter (where p.user_id is not null))[1] as user_id, sum(p.requests) as requests,
    sum(p.errors) as errors, sum(p.input_tokens) as input_tokens, sum(p.output_tokens) as output_tokens,
    sum(p.cost_nano) * 0.000000001 as cost_usd, sum(p.unpriced) as unpriced
  from (
    select s.session_id, s.first_at, s.last_at, s.user_id, s.requests, s.errors, s.input_tokens, s.output_tokens, s.cost_nano, s.unpriced
    from trace_session s where s.workspace_id = $1 and s.session_id = any (${ids})
    union all
    select t.session_id, trace_at(t.id), trace_at(t.id), t.user_id, 1, (t.status <> 'OK')::integer, t.input_tokens, t.output_tokens,
      t.cost_nano, (t.cost_source = 'UNPRICED')::integer
    from (${batchesOfTail}) tail cross join lateral (
      select * from trace w where w.workspace_id = $1 and w.batch_id = tail.batch_id and w.session_id is not null ${fence}
    ) t where t.session_id = any (${ids})
  ) p group by p.session_id`;

export interface SessionSelection {
  readonly from: Date;
  readonly to: Date;
  /** As sent. Null: whoever. */
  readonly user: string | null;
  /** A part of the session's id, in any case. Null: any. */
  readonly search: string | null;
}

export interface SessionPosition {
  readonly lastId: string;
  readonly sessionId: string;
}

export interface ListedSession extends SessionTotals {
  /** Of its last trace in the range. */
  readonly lastId: string;
}

/** Sessions with a trace in the range, the last used of the range first, behind `after`; their totals are those of the whole session. */
export function listSessions(
  selection: SessionSelection,
  after: SessionPosition | null,
  limit: number,
): Statement<ListedSession> {
  const parameters = new Parameters();
  const conditions = [
    't.workspace_id = $1',
    't.session_id is not null',
    `t.id >= ${parameters.add(firstIdAt(selection.from))}::uuid`,
    `t.id < ${parameters.add(firstIdAt(selection.to))}::uuid`,
  ];
  if (selection.user !== null) conditions.push(`t.user_id = ${parameters.add(selection.user)}`);
  if (selection.search !== null)
    conditions.push(`position(lower(${parameters.add(selection.search)}::text) in lower(t.session_id)) > 0`);
  const behind = after
    ? `having (max(t.id::text), t.session_id) < (${parameters.add(after.lastId)}::text, ${parameters.add(after.sessionId)}::text)`
    : '';
  return heavy(
    sql(
      'metrics.listSessions',
      `with found as materialized (
         select t.session_id, max(t.id::text) as last from trace t where ${conditions.join(' and ')}
         group by t.session_id ${behind} order by last desc, t.session_id desc limit ${parameters.add(limit)}
       )
       select found.last, whole.* from found join (${wholeSessions('array(select f.session_id from found f)')}) whole using (session_id)
       order by found.last desc, found.session_id desc`,
      parameters.values,
      (row) => ({ ...toSession(row), lastId: row['last'] as string }),
    ),
  );
}

export function sessionTotals(sessionId: string): Statement<SessionTotals> {
  return heavy(sql('metrics.sessionTotals', wholeSessions('array[$2]::text[]'), [sessionId], toSession));
}

function toSession(row: Row): SessionTotals {
  return {
    sessionId: row['session_id'] as string,
    userId: row['user_id'] as string | null,
    firstAt: row['first_at'] as Date,
    lastAt: row['last_at'] as Date,
    requests: Number(row['requests']),
    errors: Number(row['errors']),
    inputTokens: Number(row['input_tokens']),
    outputTokens: Number(row['output_tokens']),
    costUsd: Number(row['cost_usd']),
    unpricedRequests: Number(row['unpriced']),
  };
}
