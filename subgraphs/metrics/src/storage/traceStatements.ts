import { Parameters, sql } from '@tributary/data';
import type { Database, Statement } from '@tributary/data';
import { selects } from './traceSelection.js';
import type { TraceSelection } from './traceSelection.js';
import { TraceRow } from './TraceRow.js';

export type NewTrace = Omit<TraceRow, 'workspaceId' | 'createdAt'>;

/**
 * Stores traces and answers one row for each that is new: an external id that the workspace has already is passed over. Rows go in
 * ordered by external id, so that two senders of the same traces wait for each other instead of deadlocking.
 */
export function insertTraces(traces: readonly NewTrace[]): Statement {
  const all = <Value>(valueOf: (trace: NewTrace) => Value) => traces.map(valueOf);
  return sql(
    'metrics.insertTraces',
    `insert into trace (workspace_id, id, external_id, flow_id, started_at, duration_ms, status, agent, operation, model, department,
       environment, version, input_tokens, output_tokens, cost_usd, attributes)
     select $1, id, external_id, flow_id, started_at, duration_ms, status, agent, operation, model, department,
       environment, version, input_tokens, output_tokens, cost_usd, attributes::jsonb
     from unnest($2::uuid[], $3::text[], $4::text[], $5::timestamptz[], $6::float8[], $7::text[], $8::text[], $9::text[], $10::text[],
       $11::text[], $12::text[], $13::text[], $14::integer[], $15::integer[], $16::numeric[], $17::text[])
       as sent (id, external_id, flow_id, started_at, duration_ms, status, agent, operation, model, department,
         environment, version, input_tokens, output_tokens, cost_usd, attributes)
     order by external_id collate "C"
     on conflict (workspace_id, external_id) do nothing
     returning id`,
    [
      all((trace) => trace.id),
      all((trace) => trace.externalId),
      all((trace) => trace.flowId),
      all((trace) => trace.startedAt),
      all((trace) => trace.durationMs),
      all((trace) => trace.status),
      all((trace) => trace.agent),
      all((trace) => trace.operation),
      all((trace) => trace.model),
      all((trace) => trace.department),
      all((trace) => trace.environment),
      all((trace) => trace.version),
      all((trace) => trace.inputTokens),
      all((trace) => trace.outputTokens),
      all((trace) => trace.costUsd),
      all((trace) => JSON.stringify(trace.attributes)),
    ],
  );
}

export interface TracePosition {
  readonly startedAt: Date;
  readonly id: string;
}

/** Traces of a selection, newest first, behind `after`. */
export function listTraces(
  database: Database,
  selection: TraceSelection,
  after: TracePosition | null,
  limit: number,
): Statement<TraceRow> {
  const table = database.table(TraceRow);
  const parameters = new Parameters();
  const conditions = [selects(parameters, selection)];
  if (after) {
    conditions.push(
      `(started_at, id) < (${parameters.add(after.startedAt)}::timestamptz, ${parameters.add(after.id)}::uuid)`,
    );
  }
  return table.sql(
    'metrics.listTraces',
    `select ${table.columnList} from trace where ${conditions.join(' and ')}
     order by started_at desc, id desc limit ${parameters.add(limit)}`,
    parameters.values,
  );
}

export function tracesById(database: Database, ids: readonly string[]): Statement<TraceRow> {
  const table = database.table(TraceRow);
  return table.sql(
    'metrics.tracesById',
    `select ${table.columnList} from trace where workspace_id = $1 and id = any($2::uuid[])`,
    [ids],
  );
}

/** Which of these traces exist. */
export function existingTraces(ids: readonly string[]): Statement<string> {
  return sql(
    'metrics.existingTraces',
    'select id from trace where workspace_id = $1 and id = any($2::uuid[])',
    [ids],
    (row) => row['id'] as string,
  );
}
