import { z } from 'zod';
import { readAuditSigningKey } from '@tributary/data/audit';
import { workKinds } from '@tributary/jobs';
import { readConfig, setting } from '@tributary/kernel';

/** What only a worker has. */
export const workerSettings = z.object({
  WORKER_RUNS: setting
    .list(workKinds)
    .pipe(z.array(z.enum(workKinds, { error: `must name ${workKinds.join(' or ')}, comma between` })).min(1))
    .describe(
      'what this worker does: phases of flows; reactions, which are consumers, jobs and schedules; delivery of webhooks, which dials out; comma between',
    ),
  WORKER_DATABASE_URL: z
    .string({ error: 'is missing: the URL of PostgreSQL for role worker, which owns the job queue' })
    .meta({ description: 'PostgreSQL, as role worker', secret: true }),
  WORKER_CONCURRENCY: setting.count(2, 32).describe('phases side by side'),
  AUDIT_SIGNING_KEY: setting
    .parsed(
      readAuditSigningKey,
      'is missing: the Ed25519 key that signs audit checkpoints, PKCS #8 in PEM, from `openssl genpkey -algorithm ed25519`',
    )
    .meta({
      description: 'signs checkpoints of the audit trail: Ed25519, PKCS #8, PEM; no other part needs it',
      secret: true,
    }),
  AUDIT_CHECKPOINT_MS: setting.milliseconds(60_000, 3_600_000).describe('between two checkpoints, in ms'),
  EVENT_RETENTION_HOURS: setting.eventRetention(),
});

/** Settings of a worker process, beside those of every subgraph. */
export function readWorkerConfig(env: NodeJS.ProcessEnv) {
  return readConfig(workerSettings, env);
}
