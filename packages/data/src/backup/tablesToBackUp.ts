import type pg from 'pg';
import { BackupError } from './BackupManifest.js';

export interface TableToBackUp {
  /** With its schema, as it is written in SQL. */
  readonly name: string;
  /** Columns of the primary key. */
  readonly key: readonly string[];
}

/** Of schema `jobs`: what is due, and what was signed. Beats and the queue's version belong to running processes and to the code. */
const jobTables = ['_private_tasks', '_private_job_queues', '_private_jobs', 'audit_checkpoint'];

/** Every table that holds data of the product, each behind those that it refers to. One that is cut into partitions is one table. */
export async function tablesToBackUp(client: pg.Client): Promise<TableToBackUp[]> {
  const { rows } = await client.query<{ name: string; key: string[] | null; needs: string[] }>(
    `select format('%s.%s', n.nspname, c.relname) as name,
       (select array_agg(a.attname::text order by array_position(x.indkey::int[], a.attnum::int))
        from pg_index x join pg_attribute a on a.attrelid = c.oid and a.attnum = any (x.indkey)
        where x.indrelid = c.oid and x.indisprimary) as key,
       coalesce((select array_agg(format('%s.%s', fn.nspname, f.relname)) from pg_constraint k
         join pg_class f on f.oid = k.confrelid join pg_namespace fn on fn.oid = f.relnamespace
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid), '{}') as needs
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and (n.nspname = 'public' or (n.nspname = 'jobs' and c.relname = any ($1)))
     order by 1`,
    [jobTables],
  );
  const sorted: TableToBackUp[] = [];
  const waiting = new Map(rows.map((row) => [row.name, row]));
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter((row) => row.needs.every((need) => !waiting.has(need)));
    if (ready.length === 0)
      throw new BackupError(`Tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}.`);
    for (const { name, key } of ready) {
      if (!key) throw new BackupError(`Table ${name} has no primary key to order its rows by.`);
      sorted.push({ name, key });
      waiting.delete(name);
    }
  }
  return sorted;
}
