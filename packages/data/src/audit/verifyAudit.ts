import type { KeyObject } from 'node:crypto';
import type pg from 'pg';
import { isGenuine } from './AuditCheckpoint.js';
import type { AuditCheckpoint } from './AuditCheckpoint.js';
import { verifyTrail } from './verifyTrail.js';
import type { TrailReport } from './verifyTrail.js';
import { withClient } from '../withClient.js';

export interface VerifyAuditOptions {
  /** Logs in as a superuser or a role with BYPASSRLS: trails of all workspaces are read. */
  readonly adminUrl: string;
  readonly keys: readonly KeyObject[];
  /** Only this workspace. Default all. */
  readonly slug?: string | undefined;
  /** Checkpoints that were kept outside the database, too. */
  readonly checkpoints?: readonly AuditCheckpoint[];
  /** Told of each workspace as it is done. */
  readonly onReport?: (report: TrailReport) => void;
}

export interface AuditReport {
  readonly trails: readonly TrailReport[];
  readonly entries: number;
  readonly faults: number;
}

/**
 * Recomputes every hash of the audit trails from what the rows say, in one snapshot, a few thousand entries at a time. Throws when
 * the slug is unknown or the role may not read all rows.
 */
export async function verifyAudit(options: VerifyAuditOptions): Promise<AuditReport> {
  return withClient(options.adminUrl, async (client) => {
    await client.query('begin isolation level repeatable read, read only');
    // An error instead of fewer rows, should this role be subject to row-level security.
    await client.query('set local row_security = off');
    const trails: TrailReport[] = [];
    for (const { workspace_id: workspaceId, slug } of await workspacesOf(client, options)) {
      const outside = (options.checkpoints ?? []).filter((checkpoint) => checkpoint.workspaceId === workspaceId);
      const report = await verifyTrail(client, {
        workspaceId,
        slug,
        outside,
        isGenuine: (checkpoint) => isGenuine(checkpoint, options.keys),
      });
      trails.push(report);
      options.onReport?.(report);
    }
    await client.query('commit');
    const sum = (of: (report: TrailReport) => number) => trails.reduce((total, report) => total + of(report), 0);
    return { trails, entries: sum((report) => report.entries), faults: sum((report) => report.faults.length) };
  });
}

/** Every workspace that has or had a trail: one whose rows are all gone still stands in a checkpoint. */
async function workspacesOf(
  client: pg.Client,
  { slug, checkpoints = [] }: VerifyAuditOptions,
): Promise<{ workspace_id: string; slug: string | null }[]> {
  const { rows } = await client.query<{ workspace_id: string; slug: string | null }>(
    `/* audit.workspaces */
     select known.workspace_id, w.slug from (
       select workspace_id from workspace union select workspace_id from audit_head
       union select workspace_id from audit_entry union select workspace_id from jobs.audit_checkpoint
       union select unnest($2::uuid[])
     ) known left join workspace w using (workspace_id)
     where $1::text is null or w.slug = $1 order by known.workspace_id`,
    [slug ?? null, [...new Set(checkpoints.map((checkpoint) => checkpoint.workspaceId))]],
  );
  if (slug !== undefined && rows.length === 0) throw new Error(`There is no workspace ${slug}.`);
  return rows;
}
