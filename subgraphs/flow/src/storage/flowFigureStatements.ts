import type { FlowMeasure } from '@tributary/contracts/values';
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
  /** A flow's bare uuid, or a kind; null when it is of all. */
  readonly key: string | null;
  readonly value: number;
}

/** What of a flow counts at `moment.ends`, and what it adds up to: seconds, or how many. */
const measures: Readonly<Record<FlowMeasure, readonly [counts: string, value: string]>> = {
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
};

/** A measure of flows at each moment that has some, of all of them or by key. */
export function flowFigures(
  measure: FlowMeasure,
  groupBy: 'FLOW' | 'FLOW_KIND' | null,
  { firstEnd, count, stepMs, windowMs }: FlowMoments,
): Statement<FlowFigure> {
  const [counts, value] = measures[measure];
  const key = groupBy === null ? 'null::text' : groupBy === 'FLOW' ? 'id::text' : 'kind';
  return heavy(
    sql(
      'flow.flowFigures',
      `select moment.index, found.key, found.value from (
         select index, $2::timestamptz + index * $4::bigint * interval '1 millisecond' as ends from generate_series(0, $3::integer - 1) as index
       ) as moment cross join lateral (
         select ${key} as key, ${value} as value from flow
         where workspace_id = $1 and ${counts} and $5::bigint > 0 ${groupBy === null ? 'having count(*) > 0' : 'group by 1'}
         order by 2 desc limit 1000
       ) as found order by 1, 2`,
      [firstEnd, count, stepMs, windowMs],
      (row) => ({
        index: row['index'] as number,
        key: row['key'] as string | null,
        value: Number(row['value']),
      }),
    ),
  );
}
