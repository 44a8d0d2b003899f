import type pg from 'pg';
import { CitusError } from './CitusError.js';

/**
 * Roles and their rights on every worker, and what Citus must know of them. The coordinator opens connections to workers as whoever asks,
 * owner and resolver included: they may log in, but have no password, so that only what pg_hba.conf trusts, the cluster's own nodes, comes in.
 */
export async function prepareNodes(admin: pg.Client): Promise<void> {
  for (const role of ['owner', 'resolver']) await admin.query(`alter role ${role} login password null`);
  // Workers learn of `set local`, which says the workspace, and not of what set_config() sets.
  await admin.query(`alter role app set citus.propagate_set_commands = 'local'`);
  // A statement over account, which every node has, and one over a member's row may follow each other in one transaction.
  for (const role of ['app', 'worker', 'owner', 'migrator', 'resolver'])
    await admin.query(`alter role ${role} set citus.multi_shard_modify_mode = 'sequential'`);
  // A worker that is away is found out before a statement's time is up.
  for (const role of ['app', 'worker', 'resolver'])
    await admin.query(`alter role ${role} set citus.node_connection_timeout = '2s'`);
  const { rows } = await admin.query<{ nodename: string; nodeport: number; success: boolean; result: string }>(
    `select n.nodename, n.nodeport, r.success, r.result
     from run_command_on_workers($1) r join pg_dist_node n on n.nodename = r.nodename and n.nodeport = r.nodeport`,
    [onEachWorker],
  );
  const failed = rows.find(({ success }) => !success);
  if (failed)
    throw new CitusError(
      `Worker ${failed.nodename}:${failed.nodeport} could not be prepared: ${failed.result}. Every node must answer; then run this again.`,
    );
}

/** Rights on schema public and on the database do not reach workers by themselves, and roles that were there before Citus do not either. */
const onEachWorker = `do $do$
declare name text;
begin
  perform set_config('citus.enable_ddl_propagation', 'off', true);
  foreach name in array array['owner', 'resolver', 'migrator', 'app', 'worker'] loop
    if not exists (select from pg_catalog.pg_roles where rolname = name) then
      execute format('create role %I login nosuperuser nobypassrls nocreatedb nocreaterole', name);
    else
      execute format('alter role %I login', name);
    end if;
  end loop;
  grant owner, resolver, worker to migrator;
  grant resolver, worker to owner;
  execute format('grant connect, create on database %I to owner, worker', current_database());
  execute format('revoke temporary on database %I from public', current_database());
  revoke create on schema public from public;
  grant usage, create on schema public to owner;
  grant usage on schema public to app, worker, resolver;
end $do$`;
