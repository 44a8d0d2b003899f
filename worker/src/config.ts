import { z } from 'zod';
import { readAuditSigningKey } from '@tributary/data/audit';
import { workKinds } from '@tributary/jobs';
import { readConfig, setting } from '@tributary/kernel';

const schema = z.object({
  WORKER_RUNS: setting
    .list(workKinds)
    .pipe(z.array(z.enum(workKinds, { error: `must name ${workKinds.join(' or ')}, comma between` })).min(1)),
  WORKER_DATABASE_URL: z.string({
    error: 'is missing: the URL of PostgreSQL for role worker, which owns the job queue',
  }),
  WORKER_CONCURRENCY: setting.count(2, 32),
  AUDIT_SIGNING_KEY: setting.parsed(
    readAuditSigningKey,
    'is missing: the Ed25519 key that signs audit checkpoints, PKCS #8 in PEM, from `openssl genpkey -algorithm ed25519`',
  ),
  AUDIT_CHECKPOINT_MS: setting.milliseconds(60_000, 3_600_000),
  EVENT_RETENTION_HOURS: setting.hours(168, 87_600),
});

/** Settings of a worker process, beside those of every subgraph. */
export function readWorkerConfig(env: NodeJS.ProcessEnv) {
  return readConfig(schema, env);
}
