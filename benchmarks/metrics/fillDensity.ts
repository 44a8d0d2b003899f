import { spend } from './backends.ts';
import type { BenchWorld } from './BenchWorld.ts';

const hourMs = 3_600_000;
const dayHours = 24;

/**
 * A workspace as one of `total` traces in so many days would be, as far as figures read it. One hour is real: its traces are stored and rolled
 * up by the product. Every other hour has the same cells, every day that is over 24 times these; traces themselves are there only in the
 * hours in which questions of a day and of all days begin and end. Sums, keys and histograms of hours are therefore alike, which real ones
 * are not; how many cells, bins and traces a question reads is as in the real thing.
 */
export async function fillDensity(
  bench: BenchWorld,
  {
    total,
    days,
    now,
    end,
  }: { readonly total: number; readonly days: number; readonly now: number; readonly end: Date },
): Promise<{
  readonly traces: number;
  readonly cells: number;
  /** CPU of PostgreSQL that rolling the real hour up took, for 1,000 traces. */
  readonly rollupMs: number;
}> {
  const { admin, workspaceId } = bench;
  const hour = Math.floor(end.getTime() / hourMs) * hourMs;
  const ofHour = Math.round(total / (days * dayHours));
  await admin.query(
    `insert into trace_day (workspace_id, day, traces, longest_ms, grain)
     select $1, day::date, $3::bigint, 10000, case when $3::bigint >= 500000 then 'FIVE_MINUTES' else 'HOUR' end from generate_series(($2::timestamptz at time zone 'UTC')::date - $4::integer, ($2::timestamptz at time zone 'UTC')::date, '1 day') day`,
    [workspaceId, new Date(hour), ofHour * dayHours, 2 * days],
  );
  await bench.fill(ofHour, 1 / dayHours, hour + hourMs, days);
  const { postgresMs } = await spend(admin, () => bench.rollUpAll());
  for (const back of [1, 2, days].map((each) => each * dayHours))
    await admin.query(tracesAgain, [workspaceId, back * hourMs, hour]);
  const hoursBack = days * dayHours + 1;
  const cells = await admin.query(hoursAgain, [workspaceId, hoursBack]);
  const dayCells = await admin.query(daysFromHour, [workspaceId, new Date(hour), days]);
  await admin.query(
    `update trace_day set is_sealed = true where workspace_id = $1 and day < ($2::timestamptz at time zone 'UTC')::date and day >= ($2::timestamptz at time zone 'UTC')::date - $3::integer`,
    [workspaceId, new Date(Math.min(hour, now)), days],
  );
  const rollupMs = postgresMs / (ofHour / 1_000);
  return { traces: ofHour * 4, rollupMs, cells: (cells.rowCount ?? 0) + (dayCells.rowCount ?? 0) };
}

const tracesAgain = `insert into trace (workspace_id, id, batch_id, series, duration_ms, cost_nano, input_tokens, output_tokens, cached_input_tokens,
    status, kind, cost_source, operation, external_id, flow_id, session_id, user_id, attributes)
  select workspace_id, (lpad(to_hex((extract(epoch from trace_at(id)) * 1000)::bigint - $2::bigint), 12, '0') || substr(replace(id::text, '-', ''), 13))::uuid,
    batch_id, series, duration_ms, cost_nano, input_tokens, output_tokens, cached_input_tokens, status, kind, cost_source, operation, external_id,
    flow_id, session_id, user_id, attributes
  from trace where workspace_id = $1 and id >= (lpad(to_hex($3::bigint), 12, '0') || repeat('0', 20))::uuid order by id`;

const sums = 'requests, input_tokens, output_tokens, cached_input_tokens, cost_nano, unpriced';

const hoursAgain = `insert into trace_cell (workspace_id, level, grouping, at, key, environment, kind, status, ${sums}, duration_max, bins, counts)
  select workspace_id, level, grouping, at - back * interval '1 hour', key, environment, kind, status, ${sums}, duration_max, bins, counts
  from trace_cell cross join generate_series(1, $2::integer) back where workspace_id = $1
  order by at - back * interval '1 hour', grouping, key`;

const daysFromHour = `insert into trace_day_cell (workspace_id, grouping, at, key, environment, kind, status, ${sums}, duration_max, bins, counts)
  select workspace_id, grouping, (($2::timestamptz at time zone 'UTC')::date - back)::timestamp at time zone 'UTC', key, environment, kind, status,
    ${sums
      .split(', ')
      .map((sum) => `${sum} * ${dayHours}`)
      .join(
        ', ',
      )}, duration_max, bins, array(select number * ${dayHours} from unnest(counts) with ordinality as u (number, n) order by n)
  from trace_cell cross join generate_series(1, $3::integer) back
  where workspace_id = $1 and level = 1 and at = date_trunc('hour', $2::timestamptz) order by 3, grouping, key`;
