import type pg from 'pg';
import { CitusError } from './CitusError.js';

export interface DistributeOptions {
  /** Into how many shards each table is cut, when the first is. */
  readonly shards: number;
  /** Told what is about to be done, before it is. */
  readonly say: (text: string) => void;
}

/** The table that all others lie beside: one that has no row of a workspace here has none of it anywhere. */
const first = 'workspace';

interface Table {
  readonly name: string;
  readonly isTenants: boolean;
  /** Null: an ordinary table of the coordinator. */
  readonly method: string | null;
  readonly column: string | null;
  readonly colocation: number | null;
}

/**
 * Spreads every table of schema `public` that is an ordinary one yet: those with workspace_id by it, side by side, the others as copies on
 * every node; with the rows that they hold, in one transaction. Foreign keys are taken away for it and put back. Throws a CitusError when a
 * table is spread in another way.
 */
export async function distributeTables(admin: pg.Client, { shards, say }: DistributeOptions): Promise<void> {
  const tables = await readTables(admin);
  refuseHalfStates(tables);
  const ordinary = tables.filter(({ method }) => method === null);
  if (ordinary.length === 0) return;
  say(await announcement(admin, ordinary));
  await admin.query('begin');
  try {
    // Each table's shards are made one after the other: what refers to a table that every node has may not be made side by side.
    await admin.query(`set local citus.multi_shard_modify_mode = 'sequential'`);
    await admin.query(`set local citus.enable_unsafe_triggers = on`);
    await admin.query(`set local citus.shard_count = ${shards}`);
    await admin.query('set local client_min_messages = warning');
    const keys = await takeForeignKeys(admin, ordinary);
    for (const { name } of ordinary.filter(({ isTenants }) => !isTenants))
      await admin.query('select create_reference_table($1)', [name]);
    for (const { name } of inOrder(ordinary)) await distribute(admin, name);
    for (const { table, name, definition } of keys)
      await admin.query(`alter table ${table} add constraint "${name}" ${definition}`);
    await admin.query('commit');
  } catch (error) {
    await admin.query('rollback');
    throw error;
  }
}

/** The functions of schema `public` that statements call run where the rows lie. */
export async function distributeFunctions(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ signature: string }>(
    `select p.oid::regprocedure::text as signature from pg_proc p
     where p.pronamespace = 'public'::regnamespace and p.proowner = 'owner'::regrole and p.prorettype <> 'trigger'::regtype
       and not exists (select from pg_catalog.pg_dist_object o where o.classid = 'pg_proc'::regclass and o.objid = p.oid)`,
  );
  for (const { signature } of rows)
    await admin.query('select create_distributed_function($1::regprocedure)', [signature]);
}

async function readTables(admin: pg.Client): Promise<Table[]> {
  const { rows } = await admin.query<Table>(
    `select c.relname as name, a.attname is not null as "isTenants", d.partmethod::text as method,
       case d.partmethod when 'h' then column_to_column_name(d.logicalrelid, d.partkey) end as column, d.colocationid as colocation
     from pg_class c
     left join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
     left join pg_dist_partition d on d.logicalrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition order by 1`,
  );
  return rows;
}

function refuseHalfStates(tables: readonly Table[]): void {
  const root = tables.find(({ name }) => name === first);
  for (const { name, isTenants, method, column, colocation } of tables) {
    if (method === null) continue;
    const isRight = isTenants
      ? method === 'h' && column === 'workspace_id' && colocation === root?.colocation
      : method === 'n';
    if (!isRight)
      throw new CitusError(
        `Table ${name} is spread in another way than beside ${first} by workspace_id, so somebody else did it. Take that back, then run this again: select undistribute_table('${name}', cascade_via_foreign_keys => true)`,
      );
  }
}

function inOrder(tables: readonly Table[]): Table[] {
  const tenants = tables.filter(({ isTenants }) => isTenants);
  return [...tenants.filter(({ name }) => name === first), ...tenants.filter(({ name }) => name !== first)];
}

async function distribute(admin: pg.Client, name: string): Promise<void> {
  if (name === first) await admin.query(`select create_distributed_table($1, 'workspace_id')`, [name]);
  else await admin.query(`select create_distributed_table($1, 'workspace_id', colocate_with => $2)`, [name, first]);
}

interface ForeignKey {
  readonly table: string;
  readonly name: string;
  readonly definition: string;
}

async function takeForeignKeys(admin: pg.Client, tables: readonly Table[]): Promise<ForeignKey[]> {
  const { rows } = await admin.query<ForeignKey>(
    `select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(oid) as definition
     from pg_constraint where contype = 'f' and conparentid = 0 and connamespace = 'public'::regnamespace
       and (conrelid::regclass::text = any ($1) or confrelid::regclass::text = any ($1)) order by 1, 2`,
    [tables.map(({ name }) => name)],
  );
  for (const { table, name } of rows) {
    const isOrdinary = tables.some((each) => each.name === table);
    // Citus would look for shards of a table that has none yet.
    await admin.query(`set local citus.enable_ddl_propagation = ${isOrdinary ? 'off' : 'on'}`);
    await admin.query(`alter table ${table} drop constraint "${name}"`);
  }
  await admin.query('set local citus.enable_ddl_propagation = on');
  return rows;
}

async function announcement(admin: pg.Client, tables: readonly Table[]): Promise<string> {
  const { rows } = await admin.query<{ bytes: string; nodes: number }>(
    `select pg_size_pretty(coalesce(sum(pg_table_size(t.relid)), 0)) as bytes,
       (select count(*)::int from pg_dist_node where shouldhaveshards) as nodes
     from unnest($1::text[]) as given (name) cross join lateral pg_partition_tree(format('public.%I', given.name)::regclass) t where t.isleaf`,
    [tables.map(({ name }) => name)],
  );
  const { bytes, nodes } = rows[0]!;
  return `Spreads ${tables.length} tables (${bytes}) over ${nodes} nodes and moves their rows. Whoever writes waits until it is done; when it fails, all is as before.`;
}
