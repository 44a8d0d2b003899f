import pg from 'pg';
import { findCatalogueFaults, roleUrl } from '@tributary/data';
import type { Net } from './Net.ts';

/** Lookup functions that answer over all workspaces: ids of what is due, and nothing else. The others answer what they are asked for. */
const acrossWorkspaces =
  /^(due_|lost_|expired_|streams_behind$|streams_with_news$|streams_with_old_events$|workspaces_with_old_|workspaces_to_sweep$|revocations_since$)/;

/**
 * 42501: refused by a policy or for want of a grant. Keys that refuse first (23xxx) leave the row where it was, too. Citus refuses whatever
 * would take a row to another shard (0A000).
 */
const refused = { postgresql: /^(42501|23\d\d\d)$/, citus: /^(42501|0A000|23\d\d\d)$/ };

/** PostgreSQL alone against somebody who can say any SQL as role `app`, bound to A. */
export async function attackLocks(net: Net): Promise<void> {
  for (const { object, fault } of await findCatalogueFaults(net.databaseUrl)) {
    net.judge.report('catalogue', object, fault);
  }
  const app = new pg.Client({ connectionString: roleUrl(net.databaseUrl, 'app', net.passwords.app) });
  await app.connect();
  try {
    for (const table of await tenantTables(net)) await attackTable(net, app, table);
    await attackLookups(net, app);
  } finally {
    await app.end();
  }
}

async function tenantTables(net: Net): Promise<string[]> {
  const { rows } = await net.admin.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind in ('r', 'p')
       and exists (select from pg_attribute w where w.attrelid = c.oid and w.attname = 'workspace_id') order by 1`,
  );
  return rows.map(({ name }) => name);
}

async function attackTable(net: Net, app: pg.Client, table: string): Promise<void> {
  const { a, b } = net.worlds;
  const own = a.people.workspaceId;
  const foreign = b.people.workspaceId;
  const columns = await givenColumns(net, table);
  const attempts: readonly (readonly [what: string, bound: string | null, sql: string, values: unknown[]])[] = [
    ['sees rows of others', own, `select workspace_id from "${table}" where workspace_id <> $1 limit 1`, [own]],
    ['sees rows of B', own, `select workspace_id from "${table}" where workspace_id = $1 limit 1`, [foreign]],
    ['sees rows without a workspace', null, `select workspace_id from "${table}" limit 1`, []],
    [
      'changes rows of B',
      own,
      `update "${table}" set workspace_id = workspace_id where workspace_id = $1 returning 1`,
      [foreign],
    ],
    ['deletes rows of B', own, `delete from "${table}" where workspace_id = $1 returning 1`, [foreign]],
    ['gives rows away', own, `update "${table}" set workspace_id = $1 returning 1`, [foreign]],
    [
      'adds rows to B',
      own,
      `insert into "${table}" (${columns}) select ${columns}
       from (select (jsonb_populate_record(t, jsonb_build_object('workspace_id', $1::text))).* from "${table}" t limit 1) given returning 1`,
      [foreign],
    ],
  ];
  for (const [what, bound, sql, values] of attempts) {
    net.counts.probes += 1;
    await app.query('begin');
    try {
      if (bound) await app.query(`set local app.workspace_id = '${bound}'`);
      const { rowCount } = await app.query(sql, values);
      if ((rowCount ?? 0) > 0)
        net.judge.report('lock', table, `role app, bound to ${bound ? 'A' : 'nothing'}, ${what}`);
    } catch (error) {
      if (!(error instanceof pg.DatabaseError) || !refused[net.engine].test(error.code ?? '')) throw error;
      if (what === 'adds rows to B' && error.code !== '42501') await checkPolicyAlone(net, table);
    } finally {
      await app.query('rollback');
    }
  }
}

/** Columns that a row is given: PostgreSQL makes the others of them. */
async function givenColumns(net: Net, table: string): Promise<string> {
  const { rows } = await net.admin.query<{ columns: string }>(
    `select string_agg(quote_ident(attname), ', ') as columns from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`,
    [table],
  );
  return rows[0]!.columns;
}

/** Where a key refuses before the policy is asked, the policy's own words are read. */
async function checkPolicyAlone(net: Net, table: string): Promise<void> {
  const { rows } = await net.admin.query<{ check: string | null }>(
    `select with_check as check from pg_policies where schemaname = 'public' and tablename = $1 and policyname = 'tenant'`,
    [table],
  );
  if (!rows[0]?.check?.includes('app.workspace_id')) net.judge.report('lock', table, 'rows of others may be written');
}

/** Each function that reads across workspaces, asked for what is A's or nobody's: nothing of B, and never a text of anybody's. */
async function attackLookups(net: Net, app: pg.Client): Promise<void> {
  const { rows } = await net.admin.query<{ name: string; types: string[] }>(
    `select p.proname as name, coalesce(array_agg(format_type(t.oid, null) order by a.at) filter (where t.oid is not null), '{}') as types
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     left join lateral unnest(p.proargtypes) with ordinality a (type, at) on true left join pg_type t on t.oid = a.type
     where n.nspname = 'lookup' group by p.oid, p.proname order by 1`,
  );
  const { people } = net.worlds.a;
  const { actor } = people.owner.principal!;
  const values: Readonly<Record<string, unknown>> = {
    uuid: 'id' in actor ? actor.id : null,
    'uuid[]': [people.workspaceId],
    text: 'nothing-of-anybody',
    'text[]': ['flows'],
    bytea: Buffer.from('nothing of anybody'),
    integer: 100,
    boolean: false,
    'character varying': 'nothing-of-anybody',
    jsonb: '{}',
    bigint: 1,
  };
  // Some answer what is from before a moment, some what is from after it.
  const moments = [new Date(0), new Date(Date.now() + 86_400_000)];
  for (const { name, types } of rows) {
    for (const moment of types.some(isOfTime) ? moments : [null]) {
      const given = types.map((type) => {
        if (isOfTime(type)) return moment;
        if (!(type in values)) throw new Error(`Say in attackLocks.ts which ${type} lookup.${name} is asked with.`);
        return values[type];
      });
      await attackLookup(net, app, name, given);
    }
  }
}

const isOfTime = (type: string) => type === 'timestamp with time zone' || type === 'date';

async function attackLookup(net: Net, app: pg.Client, name: string, given: readonly unknown[]): Promise<void> {
  net.counts.probes += 1;
  await app.query('begin');
  try {
    const places = given.map((_, index) => `$${index + 1}`).join(', ');
    const found = await app.query(`select * from lookup.${name}(${places})`, [...given]);
    const text = JSON.stringify(found.rows);
    if (!acrossWorkspaces.test(name))
      net.judge.checkSeen(`lookup.${name}`, { text, headers: new Headers() }, '', net.worlds.a.people.owner.principal);
    else if (/cny[abc]/.test(text)) net.judge.report('canary', `lookup.${name}`, text.slice(0, 300));
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
  } finally {
    await app.query('rollback');
  }
}
