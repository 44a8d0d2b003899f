import { createHash } from 'node:crypto';
import type pg from 'pg';

const dayMs = 86_400_000;
const tracesOfChunk = 50_000;
const tracesOfBatch = 1_000;

/** What traces are told apart by: 40 agents in 6 departments, each with 3 versions, on 4 models, in 2 environments. */
function seriesRows(): Record<string, string>[] {
  const rows: Record<string, string>[] = [];
  for (let agent = 0; agent < 40; agent += 1)
    for (let n = 0; n < 12; n += 1) {
      const names = {
        agent: `agent ${agent}`,
        department: `department ${agent % 6}`,
        environment: n % 2 === 0 ? 'production' : 'test',
        model: `model ${(agent + n) % 4}`,
        provider: `provider ${n % 2}`,
        version: `${agent}.${n % 3}`,
        kind: n % 4 === 0 ? 'RUN' : 'MODEL',
      };
      const digest = createHash('sha256').update(JSON.stringify(names)).digest();
      rows.push({ ...names, series: digest.readBigInt64BE(0).toString() });
    }
  return rows;
}

/**
 * Stores so many traces of the last `days`, as batches that came in order of time, past the product: row by row it would take an hour.
 * `events` says that the batches are in the log, so that the roll-up reads them.
 */
export async function fillTraces(
  admin: pg.Client,
  workspaceId: string,
  { total, days, now }: { readonly total: number; readonly days: number; readonly now: number },
  progress: (stored: number) => void,
): Promise<void> {
  const series = seriesRows();
  await admin.query(
    `insert into trace_series (workspace_id, series, agent, department, environment, model, provider, version, kind, first_at)
     select $1, r.series::bigint, r.agent, r.department, r.environment, r.model, r.provider, r.version, r.kind, now() - interval '40 days'
     from jsonb_to_recordset($2) as r (series text, agent text, department text, environment text, model text, provider text, version text, kind text)`,
    [workspaceId, JSON.stringify(series)],
  );
  const stepMs = (days * dayMs) / total;
  for (let first = 0; first < total; first += tracesOfChunk) {
    const count = Math.min(tracesOfChunk, total - first);
    await admin.query('begin');
    await admin.query(chunk, [
      workspaceId,
      first,
      count,
      now - days * dayMs,
      stepMs,
      series.map((each) => each['series']),
      series.map((each) => each['kind']),
    ]);
    await admin.query(events, [workspaceId, first / tracesOfBatch + 1, Math.ceil(count / tracesOfBatch), first, count]);
    await admin.query('commit');
    progress(first + count);
  }
  await admin.query('analyze');
}

/** Batches have ids by their number, so that the second statement finds them. */
const batchOf = (n: string) =>
  `(lpad(to_hex(1 + (${n}) / ${tracesOfBatch}), 12, '0') || '70008000' || repeat('0', 12))::uuid`;

const chunk = `insert into trace (workspace_id, id, batch_id, series, duration_ms, cost_nano, input_tokens, output_tokens, cached_input_tokens,
    status, kind, cost_source, operation, external_id, flow_id, session_id, user_id, attributes)
  select $1::uuid,
    (lpad(to_hex(($4::float8 + n * $5::float8)::bigint), 12, '0') || '7' || substr(hash, 1, 3) || '8' || substr(hash, 5, 15))::uuid,
    ${batchOf('n')}, ($6::text[])[place]::bigint, exp(4 + 5 * random() * random()), (random() * 50000000)::bigint,
    (random() * 3000)::integer, (random() * 800)::integer, 0,
    case when random() < 0.03 then 'ERROR' when random() < 0.01 then 'TIMEOUT' else 'OK' end, ($7::text[])[place],
    'SENT', 'chat', 'bench-' || n, null, null, null, null
  from (
    select n, md5(n::text) as hash, 1 + floor(array_length($6::text[], 1) * random() * random())::integer as place
    from generate_series($2::bigint, $2::bigint + $3::bigint - 1) n
  ) drawn order by n`;

const events = `with head as (
    insert into stream_head as h (workspace_id, stream_id, last_seq, changed_at) values ($1, 'traces', $2::bigint + $3::bigint - 1, clock_timestamp())
    on conflict (workspace_id, stream_id) do update set last_seq = excluded.last_seq, changed_at = excluded.changed_at
  )
  insert into event (workspace_id, stream_id, seq, event_id, type, payload)
  select $1, 'traces', $2::bigint + ordinal - 1, gen_random_uuid(), 'traces.ingested', jsonb_build_object(
    'batchId', batch_id, 'accepted', accepted, 'firstStartedAt', at_first, 'lastStartedAt', at_last, 'hours', '[]'::jsonb,
    'minutesStarted', '[]'::jsonb, 'minutesEnded', '[]'::jsonb, 'costs', '[]'::jsonb, 'restNano', '0')
  from (
    select t.batch_id, count(*) as accepted, row_number() over (order by t.batch_id) as ordinal,
      to_char(trace_at(min(t.id::text)::uuid) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at_first,
      to_char(trace_at(max(t.id::text)::uuid) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at_last
    from trace t where t.workspace_id = $1 and t.batch_id >= ${batchOf('$4::bigint')} and t.batch_id <= ${batchOf('$4::bigint + $5::bigint - 1')}
    group by t.batch_id
  ) batch`;
