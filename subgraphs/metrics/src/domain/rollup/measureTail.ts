import type { Database } from '@tributary/data';
import { gauge } from '@tributary/observability';
import { rollupName, tailOfRollup } from '../../storage/rollup/position.js';

/** Workspaces that are looked at in one round: a roll-up that is behind in more of them is behind in these, too. */
const workspacesOfRound = 100;

const lagSeconds = gauge(
  'tributary_rollup_lag_seconds',
  'Age of the oldest traces that are stored and not rolled up; 0 when there are none.',
);
const tailRows = gauge(
  'tributary_rollup_tail_rows',
  'Traces that are stored and not rolled up: figures read them one by one.',
);

/** Tells how far the roll-up is behind, over workspaces. Figures are right meanwhile, and slower. */
export async function measureTail(database: Database): Promise<void> {
  const behind = await database.lookup('streams_behind', [rollupName, 'traces', workspacesOfRound]);
  let [lag, rows] = [0, 0];
  for (const row of behind) {
    const [tail] = await database.read({ workspaceId: row['workspace_id'] as string }, tailOfRollup());
    lag = Math.max(lag, tail?.ageSeconds ?? 0);
    rows += tail?.traces ?? 0;
  }
  lagSeconds.set(lag);
  tailRows.set(rows);
}
