import type { Parameters } from '@tributary/data';
import { fence, idOf } from '../facts/traceFact.js';
import { batchesOfTail } from '../rollup/position.js';
import { firstIdAt } from '../traceId.js';

/** When a trace, as `t`, ended. */
export const endOfTrace = `(trace_at(t.id) + t.duration_ms * interval '1 millisecond')`;

/**
 * Steps of a WITH, the last of which is `name`: traces that began before a moment and ended at it or later. Nobody is looked at who
 * began so early that nothing of that day took so long: days tell it of all that is rolled up, and what is not is looked at whole.
 */
export function crossing(parameters: Parameters, name: string, moment: Date, conditions: string): string {
  const at = parameters.add(moment, 'timestamptz');
  const id = parameters.add(firstIdAt(moment), 'uuid');
  const those = `t.workspace_id = $1 and t.id < ${id} and ${endOfTrace} >= ${at}${conditions}`;
  // A millisecond more on either side is rounding's.
  return `${name}_reach as materialized (
      select ${idOf(`greatest(d.begins, ${at} - d.longest)`)} as first, ${idOf(`d.begins + interval '1 day'`)} as last
      from (select day::timestamp at time zone 'UTC' as begins, (longest_ms + 1) * interval '1 millisecond' as longest from trace_day
        where workspace_id = $1 and day <= (${at} at time zone 'UTC')::date) d
      where d.begins + interval '1 day' + d.longest >= ${at}
    ), ${name} as (
      select t.* from ${name}_reach reach cross join lateral (
        select * from trace t where ${those} and t.id >= reach.first and t.id < reach.last ${fence}
      ) t
      union all
      select t.* from (${batchesOfTail}) tail cross join lateral (
        select * from trace t where t.workspace_id = $1 and t.batch_id = tail.batch_id ${fence}
      ) t where ${those} and not exists (select from ${name}_reach reach where t.id >= reach.first and t.id < reach.last)
    )`;
}
