import type pg from 'pg';
import { withDirectClient } from '../pooler.js';
import { withClient } from '../withClient.js';
import { migrationLock } from '../migrationLock.js';
import { CitusError } from './CitusError.js';
import { withoutForcedPolicies } from './forcePolicies.js';
import { refuseOrdinary } from './openCitus.js';
import { listNodes, placementOf, type Placement, type ShardNode } from './placements.js';

export interface MoveOptions {
  /** Of the coordinator, as superuser. */
  readonly adminUrl: string;
  /** Writers wait until all is copied, instead of for its last moment: for where logical replication cannot be. Default false. */
  readonly blockWrites?: boolean;
  /** Takes back what is under way. */
  readonly signal?: AbortSignal;
  /** Told what is about to be done, before it is. */
  readonly say: (text: string) => void;
}

interface WorkspaceMove extends MoveOptions {
  readonly slug: string;
  /** The node, as `host:port`. */
  readonly to: string;
}

/** Moves the shard that a workspace lies in to another node, while people go on. Throws a CitusError, and then all is as before. */
export async function moveWorkspace(options: WorkspaceMove): Promise<void> {
  await onCoordinator(options, async (admin) => {
    const { shard, host, port, neighbours, node } = await routeOf(admin, options);
    options.say(
      `Moves shard ${shard}, with ${options.slug} and ${neighbours} other workspaces, from ${host}:${port} to ${options.to}.`,
    );
    await withoutForcedPolicies(admin, () =>
      move(
        admin,
        options,
        'select citus_move_shard_placement($2::bigint, $3, $4::int, $5, $6::int, $1::citus.shard_transfer_mode)',
        [shard, host, port, node.host, node.port],
      ),
    );
  });
}

/**
 * Moves a workspace to another node and cuts its shard there, so that it has one of its own. Citus' own `isolate_tenant_to_new_shard` leaves the
 * pieces where they were, and PostgreSQL then replicates no UPDATE into them: their primary keys are made too late. Throws a CitusError, and
 * then all is as before.
 */
export async function isolateWorkspace(options: WorkspaceMove): Promise<void> {
  await onCoordinator(options, async (admin) => {
    const { shard, host, port, neighbours, node, workspaceId } = await routeOf(admin, options);
    const points = await cutsAround(admin, shard, workspaceId);
    if (points.length === 0)
      throw new CitusError(`Workspace ${options.slug} has a shard of its own already: ${shard}.`);
    if (!options.blockWrites) await refuseUnlistedPlugin(admin);
    options.say(
      `Moves shard ${shard} from ${host}:${port} to ${options.to}, and cuts it there: ${options.slug} gets one of its own beside those of ${neighbours} other workspaces.`,
    );
    await withoutForcedPolicies(admin, () =>
      move(
        admin,
        options,
        'select citus_split_shard_by_split_points($2::bigint, $3::text[], $4::int[], $1::citus.shard_transfer_mode)',
        [shard, points, [...points, ''].map(() => node.id)],
      ),
    );
  });
}

/** From where to where. Throws a CitusError when that is nowhere, or no way at all. */
async function routeOf(admin: pg.Client, { slug, to }: WorkspaceMove): Promise<Placement & { node: ShardNode }> {
  const placement = await placementOf(admin, slug);
  const nodes = await listNodes(admin);
  const node = nodes.find((each) => `${each.host}:${each.port}` === to);
  if (!node)
    throw new CitusError(
      `No node ${to} holds shards. These do: ${nodes.map((each) => `${each.host}:${each.port}`).join(', ')}.`,
    );
  if (node.host === placement.host && node.port === placement.port)
    throw new CitusError(`Workspace ${slug} lies on ${to} already.`);
  return { ...placement, node };
}

/** Behind which hashes a shard is cut so that one piece is this workspace's alone. None: it is. */
async function cutsAround(admin: pg.Client, shard: string, workspaceId: string): Promise<string[]> {
  const { rows } = await admin.query<{ hash: number; least: number; most: number }>(
    `select worker_hash($2::uuid) as hash, shardminvalue::int as least, shardmaxvalue::int as most from pg_dist_shard where shardid = $1::bigint`,
    [shard, workspaceId],
  );
  const { hash, least, most } = rows[0]!;
  return [...(hash > least ? [hash - 1] : []), ...(hash < most ? [hash] : [])].map(String);
}

/** Moves shards, one after the other, until nodes hold about as much. Throws a CitusError; what was moved before stays moved. */
export async function rebalance(options: MoveOptions): Promise<void> {
  await onCoordinator(options, async (admin) => {
    const { rows } = await admin.query<{ n: number }>(
      `select count(*)::int as n from get_rebalance_table_shards_plan() where table_name = 'workspace'::regclass`,
    );
    const moves = rows[0]!.n;
    if (moves === 0) return options.say('Nodes hold about as much as each other: nothing is moved.');
    options.say(`Moves ${moves} shards.`);
    await withoutForcedPolicies(admin, () =>
      move(admin, options, 'select rebalance_table_shards(shard_transfer_mode => $1::citus.shard_transfer_mode)', []),
    );
  });
}

/** Over the coordinator of a cluster whose tables are spread. Throws a CitusError when it is none. */
export async function withCoordinator<T>(adminUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  return withDirectClient(adminUrl, 'DATABASE_ADMIN_URL', async (admin) => {
    await refuseOrdinary(admin);
    return work(admin);
  });
}

async function onCoordinator(options: MoveOptions, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  await withCoordinator(options.adminUrl, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [migrationLock]);
    await work(admin);
  });
}

/** What Citus says of a move that failed is for the operator, whole. */
async function move(admin: pg.Client, options: MoveOptions, text: string, values: readonly unknown[]): Promise<void> {
  const { rows } = await admin.query<{ pid: number }>('select pg_backend_pid() as pid');
  const cancel = (): void => {
    // Cut off, it would go on: what is running is told to end, and its failure is what the caller hears.
    withClient(options.adminUrl, (other) => other.query('select pg_cancel_backend($1::int)', [rows[0]!.pid])).catch(
      () => undefined,
    );
  };
  if (options.signal?.aborted) throw new CitusError('It was ended before anything was moved.');
  options.signal?.addEventListener('abort', cancel);
  try {
    // A node that was added has no copies yet of tables that every node has.
    await admin.query('select replicate_reference_tables()');
    await admin.query(text, [options.blockWrites ? 'block_writes' : 'force_logical', ...values]);
  } catch (cause) {
    const { message, detail = '', hint = '' } = cause as { message: string; detail?: string; hint?: string };
    throw new CitusError([message, detail, hint].filter(Boolean).join(' '), { cause });
  } finally {
    options.signal?.removeEventListener('abort', cancel);
    // What was left behind goes when nobody reads it any more, else after a while by itself.
    await admin.query('call citus_cleanup_orphaned_resources()').catch(() => undefined);
  }
}

/** Shards are cut with a decoding plugin of Citus' own, and PostgreSQL of late asks for those by name. */
async function refuseUnlistedPlugin(admin: pg.Client): Promise<void> {
  const { rows } = await admin.query<{ nodename: string; nodeport: number }>(
    `select nodename, nodeport from run_command_on_workers(
       $$select coalesce((select setting ~ '\\mcitus\\M' from pg_settings where name = 'output_plugin_libraries'), true)$$) where result = 'f'`,
  );
  const [node] = rows;
  if (node)
    throw new CitusError(
      `PostgreSQL on ${node.nodename}:${node.nodeport} does not let Citus decode its log. On every worker: alter system set output_plugin_libraries = pgoutput, test_decoding, citus; select pg_reload_conf()`,
    );
}
