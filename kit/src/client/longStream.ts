import pg from 'pg';

/**
 * Gives a flow's stream `count` more events of progress, with their effect on nothing else. `flowId` is the public id. A hundred
 * thousand reports would take minutes.
 */
export async function lengthenStream(databaseUrl: string, flowId: string, count: number): Promise<void> {
  const database = new pg.Client({ connectionString: databaseUrl });
  await database.connect();
  try {
    await database.query(
      `with head as (
         update stream_head set last_seq = last_seq + $2 where stream_id = $1 returning workspace_id, stream_id, last_seq - $2 as behind
       )
       insert into event (workspace_id, stream_id, seq, event_id, type, payload)
       select workspace_id, stream_id, behind + n, gen_random_uuid(), 'phase.progressed', jsonb_build_object(
         'flowId', split_part(stream_id, ':', 2), 'kind', 'benchmark', 'name', 'A run from outside', 'status', 'RUNNING', 'phase', 'work',
         'progress', n / ($2::float8 + 1), 'message', 'Step ' || n || ' of many', 'data', jsonb_build_object('rows', n))
       from head, generate_series(1, $2::bigint) n`,
      [flowId.replace('_', ':'), count],
    );
  } finally {
    await database.end();
  }
}
