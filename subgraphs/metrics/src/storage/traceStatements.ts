import { heavy, Parameters, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { selects } from './traceSelection.js';
import type { TraceSelection } from './traceSelection.js';
import { firstIdAt } from './traceId.js';
import { toTraceRow, traceColumns } from './TraceRow.js';
import type { TraceRow } from './TraceRow.js';

const fromTraces = 'from trace t join trace_series s on s.workspace_id = t.workspace_id and s.series = t.series';

/** The sort values of a trace in a list: when it began in milliseconds, how long it took, or its cost in billionths of a dollar. */
export interface TracePosition {
  readonly value: number;
  readonly id: string;
}

export type TraceListOrder = 'STARTED_DESC' | 'DURATION_DESC' | 'COST_DESC';

const ranked = { DURATION_DESC: 't.duration_ms', COST_DESC: 't.cost_nano' } as const;

/** Traces of a selection behind `after`. */
export function listTraces(
  selection: TraceSelection,
  order: TraceListOrder,
  after: TracePosition | null,
  limit: number,
): Statement<TraceRow> {
  const parameters = new Parameters();
  const where = [selects(parameters, selection), ...behind(parameters, order, after)].join(' and ');
  const statement = sql(
    'metrics.listTraces',
    `select ${traceColumns} ${fromTraces} where ${where} order by ${orderOf(order)} limit ${parameters.add(limit)}`,
    parameters.values,
    toTraceRow,
  );
  // No index knows which of a period took longest or cost most.
  return order === 'STARTED_DESC' ? statement : heavy(statement);
}

/** The first traces of each of the flows behind `after`, with the flow whose they are. */
export function tracesOfFlows(
  flowIds: readonly string[],
  order: TraceListOrder,
  after: TracePosition | null,
  limit: number,
): Statement<TraceRow & { readonly ofFlow: string }> {
  const parameters = new Parameters();
  const flows = parameters.add(flowIds, 'text[]');
  const where = ['t.workspace_id = $1', 't.flow_id = flow.id', ...behind(parameters, order, after)].join(' and ');
  return heavy(
    sql(
      'metrics.tracesOfFlows',
      `select flow.id as of_flow, page.* from unnest(${flows}) as flow (id) cross join lateral (
         select ${traceColumns} ${fromTraces} where ${where} order by ${orderOf(order)} limit ${parameters.add(limit)}
       ) page`,
      parameters.values,
      (row) => ({ ...toTraceRow(row), ofFlow: row['of_flow'] as string }),
    ),
  );
}

function orderOf(order: TraceListOrder): string {
  return order === 'STARTED_DESC' ? 't.id desc' : `${ranked[order]} desc, t.id desc`;
}

function behind(parameters: Parameters, order: TraceListOrder, after: TracePosition | null): string[] {
  if (!after) return [];
  if (order === 'STARTED_DESC') return [`t.id < ${idBehind(parameters, after)}`];
  return [
    `(${ranked[order]}, t.id) < (${parameters.add(after.value, 'double precision')}, ${parameters.add(after.id, 'uuid')})`,
  ];
}

/** A cursor from before ids were made of the time holds an id that only its alias knows. */
function idBehind(parameters: Parameters, { value, id }: TracePosition): string {
  const startedAt = new Date(value);
  if (id >= firstIdAt(startedAt) && id < firstIdAt(new Date(startedAt.getTime() + 1)))
    return `${parameters.add(id)}::uuid`;
  return `coalesce((select a.id from trace_alias a where a.workspace_id = $1 and a.old_id = ${parameters.add(id)}::uuid),
    ${parameters.add(firstIdAt(startedAt))}::uuid)`;
}

/** Traces by their ids, also by those that they had before ids were made of the time. */
export function tracesById(ids: readonly string[]): Statement<TraceRow & { readonly askedAs: string }> {
  return sql(
    'metrics.tracesById',
    `with wanted as (
       select id as asked_as, id from unnest($2::uuid[]) as asked (id)
       union all
       select a.old_id, a.id from trace_alias a where a.workspace_id = $1 and a.old_id = any($2::uuid[])
     )
     select wanted.asked_as, ${traceColumns} ${fromTraces} join wanted on wanted.id = t.id where t.workspace_id = $1`,
    [ids],
    (row) => ({ ...toTraceRow(row), askedAs: row['asked_as'] as string }),
  );
}

/** Which of these traces exist. */
export function existingTraces(ids: readonly string[]): Statement<string> {
  return sql(
    'metrics.existingTraces',
    `select t.id from trace t where t.workspace_id = $1 and t.id = any($2::uuid[])
     union all
     select a.old_id from trace_alias a join trace t on t.workspace_id = a.workspace_id and t.id = a.id
     where a.workspace_id = $1 and a.old_id = any($2::uuid[])`,
    [ids],
    (row) => row['id'] as string,
  );
}

/** The place of a trace in the tree of its run. */
export interface TreePlace {
  readonly runId: string;
  readonly externalId: string;
}

export interface PlacedTrace {
  readonly place: TreePlace;
  readonly trace: TraceRow;
}

/** The traces at these places: what others of their run name as their parent. */
export function tracesAtPlaces(places: readonly TreePlace[]): Statement<PlacedTrace> {
  return placed('metrics.tracesAtPlaces', 't.external_id = wanted.external_id', places, 1);
}

/** What the traces at these places are the parents of, the first to begin first: of each so many at most. */
export function childrenOfPlaces(places: readonly TreePlace[], limit: number): Statement<PlacedTrace> {
  return placed('metrics.childrenOfPlaces', 't.parent_external_id = wanted.external_id', places, limit);
}

function placed(name: string, condition: string, places: readonly TreePlace[], limit: number): Statement<PlacedTrace> {
  return sql(
    name,
    `select wanted.run_id as wanted_run, wanted.external_id as wanted_id, found.*
     from unnest($2::text[], $3::text[]) as wanted (run_id, external_id) cross join lateral (
       select ${traceColumns} ${fromTraces}
       where t.workspace_id = $1 and t.run_id = wanted.run_id and ${condition} order by t.id limit $4
     ) as found`,
    [places.map(({ runId }) => runId), places.map(({ externalId }) => externalId), limit],
    (row) => ({
      place: { runId: row['wanted_run'] as string, externalId: row['wanted_id'] as string },
      trace: toTraceRow(row),
    }),
  );
}
