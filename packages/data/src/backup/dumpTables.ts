import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type pg from 'pg';
import type { EncryptedColumn } from '../encryption/EncryptedColumn.js';
import { withClient } from '../withClient.js';
import { BackupError } from './BackupManifest.js';
import type { BackedUpTable, BackupManifest } from './BackupManifest.js';
import { tablesToBackUp } from './tablesToBackUp.js';
import type { TableToBackUp } from './tablesToBackUp.js';

const page = 1_000;

export type DatabaseFacts = Pick<
  BackupManifest,
  'postgresVersion' | 'migrations' | 'jobQueue' | 'tables' | 'encryptionKeyIds'
> & {
  /** Storage keys of uploads that were there at that moment. */
  readonly uploads: readonly string[];
};

/** Where a table's rows lie in a backup: one row a line, as JSON text of PostgreSQL's own form of a row, compressed. */
export function tableFile(folder: string, name: string): string {
  return join(folder, 'tables', `${name}.jsonl.gz`);
}

/**
 * Writes every row of the product's tables to `folder`, all of one moment, while others go on writing. `adminUrl` logs in as a
 * superuser or a role with BYPASSRLS. Throws a BackupError when row-level security would hide rows.
 */
export async function dumpTables(
  adminUrl: string,
  folder: string,
  encrypted: readonly EncryptedColumn[],
): Promise<DatabaseFacts> {
  await mkdir(join(folder, 'tables'), { recursive: true, mode: 0o700 });
  return withClient(adminUrl, (client) => dump(client, folder, encrypted)).catch((error: unknown) => {
    if ((error as { code?: string }).code === '42501')
      throw new BackupError(
        'This role may not read the rows of all workspaces. DATABASE_ADMIN_URL needs a superuser, or a role with BYPASSRLS that is a member of owner and worker.',
        { cause: error },
      );
    throw error;
  });
}

async function dump(client: pg.Client, folder: string, encrypted: readonly EncryptedColumn[]): Promise<DatabaseFacts> {
  await client.query('begin isolation level repeatable read, read only');
  // Before the moment of the backup: a partition that is dropped behind it would be missing, and nothing would say so.
  await client.query('lock table trace, trace_cell in access share mode');
  await client.query(`set local row_security = off; set local timezone = 'UTC'`);
  const [about] = (await client.query<About>(readAbout)).rows;
  const tables: BackedUpTable[] = [];
  for (const table of await tablesToBackUp(client)) tables.push(await dumpTable(client, table, folder));
  const sealed = await client.query<{ id: string }>(readKeyIds(encrypted));
  const uploads = await client.query<{ storage_key: string }>(`select storage_key from upload where state = 'READY'`);
  await client.query('commit');
  return {
    postgresVersion: about!.version,
    migrations: about!.migrations,
    jobQueue: about!.job_queue,
    tables,
    encryptionKeyIds: sealed.rows.map((row) => row.id),
    uploads: uploads.rows.map((row) => row.storage_key),
  };
}

async function dumpTable(client: pg.Client, { name, key }: TableToBackUp, folder: string): Promise<BackedUpTable> {
  await client.query(
    `declare dump no scroll cursor for select t::text as line from ${name} t order by ${key.map((column) => `t."${column}"`).join(', ')}`,
  );
  let rows = 0;
  const content = createHash('sha256');
  const compressed = createHash('sha256');
  async function* lines(): AsyncGenerator<string> {
    for (;;) {
      const fetched = await client.query<{ line: string }>(`fetch ${page} from dump`);
      if (fetched.rows.length === 0) return;
      rows += fetched.rows.length;
      const text = fetched.rows.map((row) => `${JSON.stringify(row.line)}\n`).join('');
      content.update(text);
      yield text;
    }
  }
  const hashing = new Transform({
    transform(chunk: Buffer, _, done) {
      compressed.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(
    Readable.from(lines()),
    createGzip({ level: 3 }),
    hashing,
    createWriteStream(tableFile(folder, name), { mode: 0o600 }),
  );
  await client.query('close dump');
  return { name, rows, sha256: compressed.digest('hex'), content: content.digest('hex') };
}

interface About {
  version: string;
  migrations: string[];
  job_queue: number;
}

const readAbout = `select current_setting('server_version') as version,
  (select array_agg(name order by timestamp) from migration.history) as migrations,
  (select max(id) from jobs.migrations) as job_queue`;

const readKeyIds = (columns: readonly EncryptedColumn[]) =>
  columns
    .map(
      ({ table, column }) =>
        `select distinct split_part("${column}", '.', 2) as id from "${table}" where "${column}" like 'aes256gcm.%'`,
    )
    .join(' union ');
