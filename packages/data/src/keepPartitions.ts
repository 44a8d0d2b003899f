import type pg from 'pg';
import { gauge } from '@tributary/observability';
import { sqlState } from './databaseError.js';
import { dayOf } from './partitionDays.js';
import { withClient } from './withClient.js';

const weeksAhead = 4;
const dayMs = 86_400_000;
/** Fewer traces of a week stay where those of no week are: each partition costs every plan a little. */
const tracesOfWeek = 1_000;
/** Somebody holds what is needed; on Citus, whose nodes are locked one by one, that may be known as a deadlock. */
const keptFromIt = new Set(['55P03', '40P01']);

const strayRows = gauge(
  'tributary_trace_stray_rows',
  'Traces in the default partition: of weeks that have no partition of their own, before they get one.',
);

/**
 * Makes the partitions that traces and their cells will need: four weeks ahead, and for weeks whose traces had none. One that somebody
 * keeps from being made in this second is made the next time. `workerUrl` logs in as role `worker`. Answers how many it made.
 */
export async function keepPartitions(workerUrl: string, now = new Date()): Promise<number> {
  return withClient(workerUrl, async (client) => {
    const { rows: stray } = await client.query<{ monday: string; traces: number }>(
      'select monday::text, traces::float8 as traces from lookup.due_trace_weeks()',
    );
    const many = stray.filter(({ traces }) => traces >= tracesOfWeek);
    strayRows.set(stray.reduce((sum, { traces }) => sum + traces, 0));
    const weeks = [...weeksFrom(now), ...many.map(({ monday }) => monday)];
    let made = 0;
    for (const monday of new Set(weeks))
      made += await make(client, 'select upkeep.add_trace_week($1::date) as made', monday);
    for (const first of monthsFrom(now))
      made += await make(client, 'select upkeep.add_cell_month($1::date) as made', first);
    return made;
  });
}

async function make(client: pg.Client, text: string, day: string): Promise<number> {
  try {
    const { rows } = await client.query<{ made: boolean }>(text, [day]);
    return rows[0]?.made === true ? 1 : 0;
  } catch (error) {
    if (keptFromIt.has(sqlState(error) ?? '')) return 0;
    throw error;
  }
}

function weeksFrom(now: Date): string[] {
  const sinceMonday = (now.getUTCDay() + 6) % 7;
  return Array.from({ length: weeksAhead + 1 }, (_, week) => dayOf(now.getTime() + (week * 7 - sinceMonday) * dayMs));
}

function monthsFrom(now: Date): string[] {
  return [0, 1].map((month) => dayOf(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, 1)));
}
