import pg from 'pg';
import type { AuditCheckpoint } from './AuditCheckpoint.js';

/** The newest checkpoint of each workspace. `url` logs in as role `worker`. */
export async function readCheckpoints(url: string): Promise<AuditCheckpoint[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Omit<AuditCheckpoint, 'number'> & { number: string }>(
      `/* audit.readCheckpoints */
       select distinct on (workspace_id) workspace_id as "workspaceId", number, hash, at, signature
       from jobs.audit_checkpoint order by workspace_id, number desc`,
    );
    return rows.map((row) => ({ ...row, number: Number(row.number) }));
  } finally {
    await client.end();
  }
}
