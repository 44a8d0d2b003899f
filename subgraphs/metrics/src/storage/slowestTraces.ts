import { heavy, Parameters, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { toTraceRow, traceColumns } from './TraceRow.js';
import type { TraceRow } from './TraceRow.js';
import { selects } from './traceSelection.js';
import type { TraceSelection } from './traceSelection.js';

/** The traces of a selection that took longest, the longest first. */
export function slowestTraces(selection: TraceSelection, limit: number): Statement<TraceRow> {
  const parameters = new Parameters();
  const where = selects(parameters, selection);
  return heavy(
    sql(
      'metrics.slowestTraces',
      `select ${traceColumns} from trace t join trace_series s on s.workspace_id = t.workspace_id and s.series = t.series
       where ${where} order by t.duration_ms desc, t.id desc limit ${parameters.add(limit)}`,
      parameters.values,
      toTraceRow,
    ),
  );
}
