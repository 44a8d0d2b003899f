import type pg from 'pg';
import { CitusError } from './CitusError.js';

/** A node that holds shards, and what it holds. */
export interface ShardNode {
  readonly id: number;
  readonly host: string;
  readonly port: number;
  readonly shards: number;
  readonly workspaces: number;
  /** Of all tables, in bytes. */
  readonly bytes: number;
}

export interface Placement {
  readonly shard: string;
  readonly workspaceId: string;
  readonly host: string;
  readonly port: number;
  /** How many others lie in the same shard. */
  readonly neighbours: number;
}

export async function listNodes(admin: pg.Client): Promise<ShardNode[]> {
  const { rows } = await admin.query<ShardNode>(
    `with place as (select shardid, nodename, nodeport from citus_shards where table_name = 'workspace'::regclass),
       homed as (select get_shard_id_for_distribution_column('workspace', workspace_id) as shardid from workspace),
       peopled as (select shardid, count(*) as n from homed group by 1),
       stored as (select nodename, nodeport, sum(shard_size) as bytes from citus_shards group by 1, 2)
     select n.nodeid as id, n.nodename as host, n.nodeport as port, count(p.shardid)::int as shards, coalesce(sum(w.n), 0)::int as workspaces,
       coalesce(max(s.bytes), 0)::float8 as bytes
     from pg_dist_node n left join place p using (nodename, nodeport) left join peopled w on w.shardid = p.shardid
     left join stored s using (nodename, nodeport)
     where n.isactive and n.noderole = 'primary' and n.shouldhaveshards group by n.nodeid, n.nodename, n.nodeport order by 2, 3`,
  );
  return rows;
}

/** Where the rows of a workspace lie. Throws a CitusError when there is no such workspace. */
export async function placementOf(admin: pg.Client, slug: string): Promise<Placement> {
  const { rows } = await admin.query<Placement>(
    `with homed as (select slug, workspace_id, get_shard_id_for_distribution_column('workspace', workspace_id) as shardid from workspace)
     select s.shardid::text as shard, (select workspace_id from homed where slug = $1) as "workspaceId", s.nodename as host, s.nodeport as port,
       (select count(*)::int - 1 from homed h where h.shardid = s.shardid) as neighbours
     from citus_shards s where s.table_name = 'workspace'::regclass and s.shardid = (select shardid from homed where slug = $1)`,
    [slug],
  );
  if (!rows[0]) throw new CitusError(`There is no workspace ${slug}.`);
  return rows[0];
}
