import type { KeyObject } from 'node:crypto';
import type pg from 'pg';
import { withClient } from '../withClient.js';
import { signMark } from './AuditCheckpoint.js';

export interface CheckpointOutcome {
  /** Workspaces whose trail had grown, and whose new end is signed now. */
  readonly written: number;
  /** Workspaces whose trail no longer holds what was signed before. Nothing was signed for them. */
  readonly broken: readonly string[];
}

const page = 500;

/**
 * Signs the end of every audit trail that has grown since its last checkpoint. `url` logs in as role `worker`, which sees heads and
 * hashes only. A trail that lost or changed what the last checkpoint says is not signed again: that would bless the change.
 */
export async function writeCheckpoints(url: string, key: KeyObject): Promise<CheckpointOutcome> {
  return withClient(url, (client) => signEnds(client, key), { statement_timeout: 30_000 });
}

async function signEnds(client: pg.Client, key: KeyObject): Promise<CheckpointOutcome> {
  let written = 0;
  const broken: string[] = [];
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await client.query<Head>(readHeads, [after, page]);
    for (const row of rows) {
      const number = Number(row.last_number);
      const signed = row.signed_number === null ? null : Number(row.signed_number);
      if (signed !== null && (number < signed || !row.hash_there?.equals(row.signed_hash!))) {
        broken.push(row.workspace_id);
      } else if (signed === null || number > signed) {
        const mark = { workspaceId: row.workspace_id, number, hash: row.last_hash, at: new Date() };
        const { signature } = signMark(mark, key);
        const { rowCount } = await client.query(insert, [mark.workspaceId, number, mark.hash, mark.at, signature]);
        written += rowCount ?? 0;
      }
    }
    if (rows.length < page) return { written, broken };
    after = rows.at(-1)!.workspace_id;
  }
}

interface Head {
  workspace_id: string;
  last_number: string;
  last_hash: Buffer;
  signed_number: string | null;
  signed_hash: Buffer | null;
  hash_there: Buffer | null;
}

const readHeads = `/* audit.readHeads */
  select h.workspace_id, h.last_number, h.last_hash, c.number as signed_number, c.hash as signed_hash,
    case when c.number is not null then lookup.audit_hash_at(h.workspace_id, c.number) end as hash_there
  from lookup.audit_heads($1, $2) h
  left join lateral (
    select number, hash from jobs.audit_checkpoint where workspace_id = h.workspace_id order by number desc limit 1
  ) c on true
  order by h.workspace_id`;

const insert = `/* audit.insertCheckpoint */
  insert into jobs.audit_checkpoint (workspace_id, number, hash, at, signature) values ($1, $2, $3, $4, $5) on conflict do nothing`;
