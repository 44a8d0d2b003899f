import pg from 'pg';
import type { Client } from '@tributary/kit/client';
import { createFlow } from './people.ts';

interface Place {
  readonly shard: string;
  readonly host: string;
  readonly port: number;
}

/** Where the rows of a workspace lie. */
export async function placeOf(url: string, slug: string): Promise<Place> {
  return withAdmin(url, async (admin) => {
    const { rows } = await admin.query<Place>(
      `select s.shardid::text as shard, s.nodename as host, s.nodeport as port from citus_shards s
       where s.table_name = 'workspace'::regclass and s.shardid =
         get_shard_id_for_distribution_column('workspace', (select workspace_id from workspace where slug = $1))`,
      [slug],
    );
    return rows[0]!;
  });
}

interface Move {
  readonly seconds: number;
  readonly writes: number;
  /** What writers in the workspace were told meanwhile. */
  readonly refused: readonly string[];
  readonly longestMs: number;
}

/** Moves the shards of a workspace to another worker while its owner goes on writing: PostgreSQL replicates nothing into tables under row-level security, so writers wait. */
export async function moveShard(
  url: string,
  from: Place,
  to: { host: string; port: number },
  owner: Client,
): Promise<Move> {
  let moving = true;
  let writes = 0;
  let longestMs = 0;
  const refused: string[] = [];
  const write = async (): Promise<void> => {
    while (moving) {
      const begun = performance.now();
      await createFlow(owner).then(
        () => (writes += 1),
        (error: unknown) => refused.push(String((error as Error).message)),
      );
      longestMs = Math.max(longestMs, performance.now() - begun);
    }
  };
  const writer = write();
  const begun = performance.now();
  try {
    await withAdmin(url, (admin) =>
      admin.query('select citus_move_shard_placement($1::bigint, $2, $3::int, $4, $5::int, $6)', [
        ...[from.shard, from.host, from.port],
        ...[to.host, to.port, 'block_writes'],
      ]),
    );
  } finally {
    moving = false;
    await writer;
  }
  return { seconds: (performance.now() - begun) / 1000, writes, refused, longestMs };
}

export async function withAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}
