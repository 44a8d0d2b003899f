import pg from 'pg';
import { identityOf, toldOf, type Logged, type StreamName } from './History.ts';

interface InStream {
  readonly workspace_id: string;
  readonly stream_id: string;
}

interface EventRow extends InStream {
  readonly seq: string;
  readonly type: string;
  readonly payload: {
    readonly flowId?: string;
    readonly alertId?: string;
    readonly phase?: unknown;
    readonly data?: { readonly write?: unknown };
  };
}

/** The whole event log, past row-level security: all workspaces. */
export async function readLog(superuserUrl: string): Promise<Map<StreamName, Logged[]>> {
  const rows = await query<EventRow>(
    superuserUrl,
    `select workspace_id, stream_id, seq, type, payload from event order by workspace_id, stream_id, seq`,
  );
  const log = new Map<StreamName, Logged[]>();
  for (const row of rows) {
    const stream = `${row.workspace_id}/${row.stream_id}`;
    const { payload } = row;
    const subject = row.stream_id === 'alerts' ? payload.alertId : payload.flowId;
    const events = log.get(stream) ?? [];
    events.push({
      sequence: Number(row.seq),
      identity: identityOf(row.type, subject ?? '', payload.data?.write),
      told: toldOf(row.stream_id, row.type, subject ?? '', row.stream_id === 'alerts' ? null : payload.phase),
    });
    log.set(stream, events);
  }
  return log;
}

/** Last number of each stream, by its head. */
export async function readHeads(superuserUrl: string): Promise<Map<StreamName, number>> {
  const rows = await query<InStream & { last_seq: string }>(
    superuserUrl,
    `select workspace_id, stream_id, last_seq from stream_head`,
  );
  const heads = new Map(rows.map((row) => [`${row.workspace_id}/${row.stream_id}`, Number(row.last_seq)]));
  for (const workspace of new Set(rows.map((row) => row.workspace_id)))
    heads.set(
      `${workspace}/activity`,
      (heads.get(`${workspace}/flows`) ?? 0) + (heads.get(`${workspace}/alerts`) ?? 0),
    );
  return heads;
}

/** Writes that made more than one flow: each names its flow after its key. */
export async function flowsMadeTwice(superuserUrl: string): Promise<string[]> {
  const rows = await query<{ workspace_id: string; name: string }>(
    superuserUrl,
    `select workspace_id, name from flow group by workspace_id, name having count(*) > 1`,
  );
  return rows.map((row) => `${row.workspace_id} ${row.name}`);
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}
