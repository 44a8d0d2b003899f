import { sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

/** The roll-up's name among the consumers of stream `traces`: its places are stored under it, so it can never change. */
const rollupName = 'rollup';

/** Says that the roll-up of this workspace is still to read: events that it has not read are kept. */
export function beginRollup(): Statement {
  return sql(
    'metrics.beginRollup',
    `insert into consumer_position (workspace_id, consumer, stream_id, seq) values ($1, $2, 'traces', 0)
     on conflict (workspace_id, consumer, stream_id) do nothing`,
    [rollupName],
  );
}
