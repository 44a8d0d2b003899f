import { heavy, Parameters, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import { firstIdAt, startedAtOf } from './traceId.js';

/** All traces of one conversation, whenever they were. */
export interface SessionTotals {
  readonly sessionId: string;
  /** Of the first trace that names one. */
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

const totals = `min(w.id::text)::uuid as first_id, max(w.id::text)::uuid as last_id, count(*) as requests,
  count(*) filter (where w.status <> 'OK') as errors, sum(w.input_tokens) as input_tokens, sum(w.output_tokens) as output_tokens,
  sum(w.cost_nano) * 0.000000001 as cost_usd, count(*) filter (where w.cost_source = 'UNPRICED') as unpriced,
  (array_agg(w.user_id order by w.id) filter (where w.user_id is not null))[1] as user_id`;

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
      `select found.session_id, found.last, whole.* from (
         select t.session_id, max(t.id::text) as last from trace t where ${conditions.join(' and ')}
         group by t.session_id ${behind} order by last desc, t.session_id desc limit ${parameters.add(limit)}
       ) found cross join lateral (
         select ${totals} from trace w where w.workspace_id = $1 and w.session_id = found.session_id
       ) whole order by found.last desc, found.session_id desc`,
      parameters.values,
      (row) => ({ ...toSession(row), lastId: row['last'] as string }),
    ),
  );
}

export function sessionTotals(sessionId: string): Statement<SessionTotals> {
  return heavy(
    sql(
      'metrics.sessionTotals',
      `select w.session_id, ${totals} from trace w where w.workspace_id = $1 and w.session_id = $2 group by w.session_id`,
      [sessionId],
      toSession,
    ),
  );
}

function toSession(row: Row): SessionTotals {
  return {
    sessionId: row['session_id'] as string,
    userId: row['user_id'] as string | null,
    firstAt: startedAtOf(row['first_id'] as string),
    lastAt: startedAtOf(row['last_id'] as string),
    requests: Number(row['requests']),
    errors: Number(row['errors']),
    inputTokens: Number(row['input_tokens']),
    outputTokens: Number(row['output_tokens']),
    costUsd: Number(row['cost_usd']),
    unpricedRequests: Number(row['unpriced']),
  };
}
