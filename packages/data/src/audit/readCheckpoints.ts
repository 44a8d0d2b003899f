import type { AuditCheckpoint } from './AuditCheckpoint.js';
import { withClient } from '../withClient.js';

/** The newest checkpoint of each workspace. `url` logs in as role `worker`. */
export async function readCheckpoints(url: string): Promise<AuditCheckpoint[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<Omit<AuditCheckpoint, 'number'> & { number: string }>(
      `/* audit.readCheckpoints */
       select distinct on (workspace_id) workspace_id as "workspaceId", number, hash, at, signature
       from jobs.audit_checkpoint order by workspace_id, number desc`,
    );
    return rows.map((row) => ({ ...row, number: Number(row.number) }));
  });
}
