import type { DiscoveryMeasure, FlowMeasure } from '@tributary/contracts/values';
import { heavy, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

/** Moments that are a step apart, with the windows that end there. */
export interface FlowMoments {
  readonly firstEnd: Date;
  readonly count: number;
  readonly stepMs: number;
  readonly windowMs: number;
}

export interface FlowFigure {
  readonly index: number;
  /** A flow's bare uuid, a kind or a source's name; null when it is of all. */
  readonly key: string | null;
  readonly value: number;
}

/** What of a flow counts at `moment.ends`, and what it adds up to: seconds, or how many. */
const measures: Readonly<Record<FlowMeasure | DiscoveryMeasure, readonly [counts: string, value: string]>> = {
  FLOWS_FAILED: [
    `status = 'FAILED' and finished_at >= moment.ends - $5::bigint * interval '1 millisecond' and finished_at < moment.ends`,
    'count(*)',
  ],
  FLOW_RUNNING_SECONDS: [
    `started_at < moment.ends and (finished_at >= moment.ends or finished_at is null and status = 'RUNNING')`,
    'extract(epoch from moment.ends - min(started_at))',
  ],
  FLOW_WAITING_SECONDS: [
    `status = 'AWAITING_APPROVAL' and updated_at < moment.ends`,
    'extract(epoch from moment.ends - min(updated_at))',
  ],
  SECONDS_SINCE_FLOW_SUCCEEDED: [
    `status = 'SUCCEEDED' and finished_at < moment.ends`,
    'extract(epoch from moment.ends - max(finished_at))',
  ],
  PERSONAL_DATA_FOUND: [
    `personal_columns > 0 and found_at >= moment.ends - $5::bigint * interval '1 millisecond' and found_at < moment.ends`,
    'sum(personal_columns)',
  ],
};

export type FlowGrouping = 'FLOW' | 'FLOW_KIND' | 'SOURCE';

const keys: Readonly<Record<FlowGrouping, string>> = { FLOW: 'id::text', FLOW_KIND: 'kind', SOURCE: 'source_name' };

/** In how many columns the cleansing of each discovery found personal data, and when. */
const discoveries = `(
  select d.workspace_id, d.source_name, p.finished_at as found_at,
    case when jsonb_typeof(p.summary -> 'personalData') = 'array' then jsonb_array_length(p.summary -> 'personalData') else 0 end as personal_columns
  from flow_phase p join discovery_flow d on d.workspace_id = p.workspace_id and d.flow_id = p.flow_id
  where p.workspace_id = $1 and p.name = 'cleansing' and p.finished_at is not null
) as discovery`;

/** A measure of flows at each moment that has some, of all of them or by key. */
export function flowFigures(
  measure: FlowMeasure | DiscoveryMeasure,
  groupBy: FlowGrouping | null,
  { firstEnd, count, stepMs, windowMs }: FlowMoments,
  limit: number,
): Statement<FlowFigure> {
  const [counts, value] = measures[measure];
  const key = groupBy === null ? 'null::text' : keys[groupBy];
  const source = measure === 'PERSONAL_DATA_FOUND' ? discoveries : 'flow';
  return heavy(
    sql(
      'flow.flowFigures',
      `select moment.index, found.key, found.value from (
         select index, $2::timestamptz + index * $4::bigint * interval '1 millisecond' as ends from generate_series(0, $3::integer - 1) as index
       ) as moment cross join lateral (
         select ${key} as key, ${value} as value from ${source}
         where workspace_id = $1 and ${counts} and $5::bigint > 0 ${groupBy === null ? 'having count(*) > 0' : 'group by 1'}
       ) as found order by 1, 2 limit $6`,
      [firstEnd, count, stepMs, windowMs, limit],
      (row) => ({
        index: row['index'] as number,
        key: row['key'] as string | null,
        value: Number(row['value']),
      }),
    ),
  );
}

/** When discoveries ended, well or not, the last ones first. */
export function discoveryEnds(from: Date, to: Date, limit: number): Statement<number> {
  return sql(
    'flow.discoveryEnds',
    `select finished_at from flow where workspace_id = $1 and kind = 'discovery' and finished_at > $2 and finished_at <= $3
     order by finished_at desc limit $4`,
    [from, to, limit],
    (row) => (row['finished_at'] as Date).getTime(),
  );
}
