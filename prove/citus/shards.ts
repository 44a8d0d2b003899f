import pg from 'pg';

/** Where the rows of a workspace lie. */
export interface Place {
  readonly shard: string;
  readonly host: string;
  readonly port: number;
}

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

export async function withAdmin<T>(url: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

/** Rows of each table, of one workspace or of all. */
export async function countRows(url: string, slug?: string): Promise<Map<string, number>> {
  return withAdmin(url, async (admin) => {
    const { rows: tables } = await admin.query<{ name: string; isTenants: boolean }>(
      `select c.relname as name, a.attname is not null as "isTenants" from pg_class c
       left join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
       where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
    );
    const counts = new Map<string, number>();
    for (const { name, isTenants } of tables.filter((table) => table.isTenants || slug === undefined)) {
      const filter =
        slug !== undefined && isTenants
          ? 'where workspace_id = (select workspace_id from workspace where slug = $1)'
          : '';
      const { rows } = await admin.query<{ n: number }>(
        `select count(*)::int as n from public."${name}" ${filter}`,
        filter ? [slug] : [],
      );
      counts.set(name, rows[0]!.n);
    }
    return counts;
  });
}

/** Tables that hold fewer rows now, in words. */
export function lostRows(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): string[] {
  return [...before].flatMap(([name, n]) =>
    (now.get(name) ?? 0) < n ? [`${name}: ${n - (now.get(name) ?? 0)} of ${n} rows are gone`] : [],
  );
}

/** What a move that did not come to its end must not leave on any node, in words. */
export async function leftovers(url: string): Promise<string[]> {
  return withAdmin(url, async (admin) => {
    const left = `select concat_ws(', ',
      (select nullif(count(*), 0) || ' subscriptions' from pg_subscription),
      (select nullif(count(*), 0) || ' publications' from pg_publication),
      (select nullif(count(*), 0) || ' slots of replication' from pg_replication_slots),
      (select nullif(count(*), 0) || ' tables whose policies are not forced' from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relrowsecurity and not relforcerowsecurity))`;
    const { rows } = await admin.query<{ node: string; result: string }>(
      `select nodename || ':' || nodeport as node, result from run_command_on_all_nodes($1) join pg_dist_node using (nodeid)`,
      [left],
    );
    return rows.filter(({ result }) => result !== '').map(({ node, result }) => `left on ${node}: ${result}`);
  });
}
