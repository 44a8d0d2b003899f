import type pg from 'pg';
import { withClient } from './withClient.js';

/** One way in which the database breaks the rules of tenancy. */
export interface CatalogueFault {
  readonly object: string;
  readonly fault: string;
}

/** The one table that belongs to no workspace, and the schemas that are not ours to rule. */
const globalTables = ['account'];

/**
 * Reads PostgreSQL's catalogue and names everything in schema `public` that breaks the rules: a table or partition without
 * workspace_id, without forced row-level security or with another policy; a primary, unique or foreign key that does not lead with
 * workspace_id; a view that would run with its owner's rights; a role that bypasses; a grant that app must not have.
 * With `connected`, looks through that connection, at what its open transaction sees.
 */
export async function findCatalogueFaults(adminUrl: string, connected?: pg.Client): Promise<CatalogueFault[]> {
  return connected ? runChecks(connected) : withClient(adminUrl, runChecks);
}

async function runChecks(client: pg.Client): Promise<CatalogueFault[]> {
  const faults: CatalogueFault[] = [];
  for (const check of checks) {
    const { rows } = await client.query<CatalogueFault>(check, check.includes('$1') ? [globalTables] : []);
    faults.push(...rows);
  }
  return faults;
}

const ourTables = `from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public' and c.relkind in ('r', 'p') and c.relname <> all ($1)`;

const checks = [
  `select c.relname as object, 'has no workspace_id uuid not null' as fault ${ourTables}
   and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'workspace_id'
     and a.attnotnull and a.atttypid = 'uuid'::regtype)`,
  `select c.relname as object, 'row-level security is not enabled and forced' as fault ${ourTables}
   and not (c.relrowsecurity and c.relforcerowsecurity)`,
  `select c.relname as object, 'is not owned by role owner' as fault ${ourTables} and c.relowner <> 'owner'::regrole`,
  `select c.relname as object, 'has not exactly the policy tenant for all commands and roles, with using and with check' as fault ${ourTables}
   and not exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'tenant' and p.polcmd = '*'
     and p.polroles = '{0}' and p.polpermissive
     and pg_get_expr(p.polqual, c.oid) = '(workspace_id = (NULLIF(current_setting(''app.workspace_id''::text, true), ''''::text))::uuid)'
     and pg_get_expr(p.polqual, c.oid) = pg_get_expr(p.polwithcheck, c.oid))`,
  `select c.relname as object, 'has a policy beside tenant and lookup: ' || p.polname as fault
   from pg_policy p join pg_class c on c.oid = p.polrelid
   where p.polname <> 'tenant'
   and not (p.polname = 'lookup' and p.polcmd = 'r' and p.polroles = array['resolver'::regrole::oid])`,
  `select c.relname as object, 'key ' || i.relname || ' does not lead with workspace_id' as fault
   from pg_index x join pg_class i on i.oid = x.indexrelid join pg_class c on c.oid = x.indrelid
   join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and x.indisunique and c.relname <> all ($1)
   and coalesce((select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = x.indkey[0]), '') <> 'workspace_id'`,
  `select c.relname as object, 'foreign key ' || k.conname || ' does not lead with workspace_id on both sides' as fault
   from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and k.contype = 'f' and k.confrelid is distinct from to_regclass('public.account')
   and not (
     (select a.attname from pg_attribute a where a.attrelid = k.conrelid and a.attnum = k.conkey[1]) = 'workspace_id'
     and (select a.attname from pg_attribute a where a.attrelid = k.confrelid and a.attnum = k.confkey[1]) = 'workspace_id')`,
  `select c.relname as object, 'foreign key ' || k.conname || ' would null workspace_id: say "on delete set null (column)"' as fault
   from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and k.contype = 'f' and k.confdeltype = 'n' and (k.confdelsetcols is null or cardinality(k.confdelsetcols) = 0)`,
  `select c.relname as object, 'is a view without security_invoker, or a materialised view' as fault
   from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'public' and (c.relkind = 'm' or (c.relkind = 'v' and not coalesce(c.reloptions @> array['security_invoker=true'], false)))
   and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')`,
  `select rolname as object, 'may bypass row-level security' as fault from pg_roles
   where rolname in ('owner', 'migrator', 'app', 'worker', 'resolver') and (rolsuper or rolbypassrls)`,
  `select rolname as object, 'does not read one snapshot a transaction by default' as fault from pg_roles
   where rolname = 'app' and not coalesce(rolconfig @> array['default_transaction_isolation=repeatable read'], false)`,
  `select table_name as object, 'app may ' || lower(privilege_type) || ' it' as fault from information_schema.role_table_grants
   where table_schema = 'public' and grantee in ('app', 'PUBLIC')
   and (privilege_type in ('TRUNCATE', 'TRIGGER', 'REFERENCES') or table_name = any ($1)
     or (table_name = 'audit_entry' and privilege_type in ('UPDATE', 'DELETE')))`,
  `select p.proname as object, 'is a lookup function that is not: owned by resolver, security definer, empty search_path' as fault
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname = 'lookup' and not (p.proowner = 'resolver'::regrole and p.prosecdef and coalesce(p.proconfig @> array['search_path=""'], false))`,
  // Where the owner acts for somebody: the caller says dates and counts, and never a name or a text.
  `select p.proname as object, 'is an act of upkeep that is not: owned by owner, security definer, empty search_path, of dates and counts, for worker alone' as fault
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname = 'upkeep' and has_function_privilege('worker', p.oid, 'execute')
   and not (p.proowner = 'owner'::regrole and p.prosecdef and coalesce(p.proconfig @> array['search_path=""'], false)
     and p.proargtypes::regtype[] <@ array['date', 'integer']::regtype[])`,
  `select p.proname as object, 'may be run by app or everybody' as fault
   from pg_proc p join pg_namespace n on n.oid = p.pronamespace
   where n.nspname = 'upkeep' and has_function_privilege('app', p.oid, 'execute')`,
];
