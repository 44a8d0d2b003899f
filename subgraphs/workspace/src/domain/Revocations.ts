import { createHash } from 'node:crypto';
import type { Revocations } from '@tributary/contracts/commands';
import type { Database } from '@tributary/data';
import { findRevocationsSince, findSuspendedWorkspaces } from '../storage/identityStatements.js';

/** Our access tokens live 30 minutes, those of issuers outside 65 at most; five more for clocks that differ. */
const longestTokenLifeMs = 70 * 60_000;
/** Rows become visible at COMMIT but carry an earlier time: each answer reaches back over the one before. */
const overlapMs = 15_000;

/** What was revoked in any workspace since, and which workspaces are suspended now, for the gateways. */
export async function revocationsSince(
  database: Database,
  { since, knownSuspended }: { readonly since: string | null; readonly knownSuspended: string | null },
): Promise<Revocations> {
  const now = new Date();
  const oldest = now.getTime() - longestTokenLifeMs;
  const from = since === null ? oldest : Math.max(oldest, Date.parse(since) - overlapMs);
  const [{ rows, isWhole }, workspaceIds] = await Promise.all([
    findRevocationsSince(database, new Date(from)),
    findSuspendedWorkspaces(database),
  ]);
  const digest = createHash('sha256').update(workspaceIds.join()).digest('base64url');
  return {
    // What a node knows that is away is asked for again once it is back.
    asOf: (isWhole ? now : new Date(from + overlapMs)).toISOString(),
    revocations: rows.map((row) => ({ ...row, at: row.at.toISOString() })),
    suspended: digest === knownSuspended ? null : { digest, workspaceIds },
  };
}
