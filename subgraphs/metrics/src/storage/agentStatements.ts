import { heavy, Parameters, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import { firstIdAt, startedAtOf } from './traceId.js';

/** What is known of an agent, or of a department, from all its traces. */
export interface KnownName {
  readonly name: string;
  readonly agents: readonly string[];
  readonly versions: readonly string[];
  readonly models: readonly string[];
  readonly departments: readonly string[];
  readonly firstSeenAt: Date;
  /** Of its last trace in the range. */
  readonly lastSeenAt: Date;
}

export type NamedBy = 'agent' | 'department';

/** Those with a trace in the range, by name, behind `after`. */
export function namesInRange(
  by: NamedBy,
  range: { readonly from: Date; readonly to: Date },
  after: string | null,
  limit: number,
): Statement<KnownName> {
  const parameters = new Parameters();
  const [from, to] = [range.from, range.to].map((moment) => `${parameters.add(firstIdAt(moment))}::uuid`);
  const behind = after === null ? '' : `and s.${by} collate "C" > ${parameters.add(after)}::text collate "C"`;
  return heavy(
    sql(
      'metrics.namesInRange',
      `select s.${by} collate "C" as name, ${distinct('agent')} as agents, ${distinct('version')} as versions, ${distinct('model')} as models,
         ${distinct('department')} as departments, min(s.first_at) as first_at, max(last.id::text) as last_id
       from trace_series s left join lateral (
         select t.id from trace t where t.workspace_id = $1 and t.series = s.series and t.id >= ${from} and t.id < ${to}
         order by t.id desc limit 1
       ) last on true
       where s.workspace_id = $1 and s.${by} is not null ${behind}
       group by s.${by} collate "C" having max(last.id::text) is not null order by 1 limit ${parameters.add(limit)}`,
      parameters.values,
      toName,
    ),
  );
}

function distinct(column: string): string {
  return `coalesce(array_agg(distinct s.${column}) filter (where s.${column} is not null), '{}')`;
}

function toName(row: Row): KnownName {
  return {
    name: row['name'] as string,
    agents: row['agents'] as string[],
    versions: row['versions'] as string[],
    models: row['models'] as string[],
    departments: row['departments'] as string[],
    firstSeenAt: row['first_at'] as Date,
    lastSeenAt: startedAtOf(row['last_id'] as string),
  };
}
