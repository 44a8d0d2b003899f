import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';
import { groupings, levels } from './groupings.js';

/** Takes the cells of five minutes from so many sealed days of before this one: their hours tell what is asked of them. */
export function coarsenDays(before: string, most: number): Statement {
  return sql(
    'metrics.coarsenDays',
    `with old as materialized (
       select day from trace_day where workspace_id = $1 and day < $2::date and is_sealed and grain = 'FIVE_MINUTES'
       order by day limit $3 for update
     ), gone as (
       delete from trace_cell c using old where c.workspace_id = $1 and c.level = ${levels.FIVE_MINUTES}
         and c.grouping = any(array[${Object.values(groupings).join(', ')}]::smallint[])
         and c.at >= old.day::timestamp at time zone 'UTC' and c.at < (old.day + 1)::timestamp at time zone 'UTC'
     )
     update trace_day d set grain = 'HOUR' from old where d.workspace_id = $1 and d.day = old.day`,
    [before, most],
  );
}
