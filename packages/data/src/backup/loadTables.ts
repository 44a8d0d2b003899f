import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import type pg from 'pg';
import { withClient } from '../withClient.js';
import { BackupError } from './BackupManifest.js';
import type { BackedUpTable, BackupManifest } from './BackupManifest.js';
import { tableFile } from './dumpTables.js';

const page = 500;

/** Throws a BackupError that names the first file that is missing or is not what the manifest says. */
export async function checkTableFiles(manifest: BackupManifest, folder: string): Promise<void> {
  for (const { name, sha256 } of manifest.tables) {
    const hash = createHash('sha256');
    try {
      await pipeline(createReadStream(tableFile(folder, name)), hash);
    } catch (cause) {
      throw new BackupError(`${tableFile(folder, name)} cannot be read. The backup is not whole.`, { cause });
    }
    if (hash.digest('hex') !== sha256)
      throw new BackupError(`${tableFile(folder, name)} is not what was backed up: its checksum differs.`);
  }
}

/** Whether a database holds tables of the product already. */
export async function isEmptyDatabase(adminUrl: string): Promise<boolean> {
  return withClient(adminUrl, async (client) => {
    const { rows } = await client.query(
      `select from pg_tables where schemaname in ('public', 'jobs', 'migration') limit 1`,
    );
    return rows.length === 0;
  });
}

/**
 * Puts the rows of a backup into tables that are there and empty, in one transaction: all of them or none. Jobs that somebody had
 * taken are free again.
 */
export async function loadTables(adminUrl: string, manifest: BackupManifest, folder: string): Promise<void> {
  await withClient(adminUrl, async (client) => {
    const queue = await client.query<{ version: number }>('select max(id) as version from jobs.migrations');
    if (queue.rows[0]!.version !== manifest.jobQueue)
      throw new BackupError(
        'The backup was made with another version of the job queue. Restore it with the version of Tributary that made it, then update.',
      );
    await client.query('begin');
    await client.query(`set local row_security = off; set local timezone = 'UTC'`);
    for (const table of manifest.tables) await loadTable(client, table, folder);
    for (const table of ['jobs._private_jobs', 'jobs._private_job_queues'])
      await client.query(`update ${table} set locked_at = null, locked_by = null where locked_by is not null`);
    for (const table of manifest.tables) await advanceSequences(client, table.name);
    await client.query('commit');
    await client.query('analyze');
  });
}

async function loadTable(client: pg.Client, { name, rows, content }: BackedUpTable, folder: string): Promise<void> {
  const hash = createHash('sha256');
  let loaded = 0;
  let batch: string[] = [];
  const columns = await writableColumns(client, name);
  const insert = async () => {
    if (batch.length === 0) return;
    // The inner SELECT is kept apart, or each row would be read once for each of its columns.
    await client.query(
      `insert into ${name} (${columns.join(', ')}) overriding system value
       select ${columns.map((column) => `(r.line).${column}`).join(', ')} from (select given::${name} as line from unnest($1::text[]) given offset 0) r`,
      [batch],
    );
    loaded += batch.length;
    batch = [];
  };
  const lines = createInterface({ input: createReadStream(tableFile(folder, name)).pipe(createGunzip()) });
  for await (const line of lines) {
    hash.update(`${line}\n`);
    batch.push(JSON.parse(line) as string);
    if (batch.length === page) await insert();
  }
  await insert();
  if (loaded !== rows || hash.digest('hex') !== content)
    throw new BackupError(`${name} has other rows than were backed up.`);
}

/** Quoted names of all columns that are not computed from others. */
async function writableColumns(client: pg.Client, name: string): Promise<string[]> {
  const { rows } = await client.query<{ column: string }>(
    `select quote_ident(attname) as column from pg_attribute
     where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' order by attnum`,
    [name],
  );
  return rows.map((row) => row.column);
}

/** Numbers that a table gives out itself go on behind those that it holds. */
async function advanceSequences(client: pg.Client, name: string): Promise<void> {
  const { rows } = await client.query<{ column: string; sequence: string }>(
    `select a.attname as column, pg_get_serial_sequence($1, a.attname) as sequence from pg_attribute a
     where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped and pg_get_serial_sequence($1, a.attname) is not null`,
    [name],
  );
  for (const { column, sequence } of rows)
    await client.query(`select setval($1, coalesce((select max("${column}") from ${name}), 0) + 1, false)`, [sequence]);
}
