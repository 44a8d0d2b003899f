import type { KeyObject } from 'node:crypto';
import { deleteOldIdempotencyKeys, dropPartitions, keepPartitions } from '@tributary/data';
import type { Database } from '@tributary/data';
import { writeCheckpoints } from '@tributary/data/audit';
import { retireEvents } from '@tributary/events';
import type { Schedule } from '@tributary/jobs';
import type { Logger } from '@tributary/observability';
import { edgesOf } from '@tributary/subgraph-metrics';
import type { RetentionOptions } from '@tributary/subgraph-metrics';

export interface PlatformOptions {
  readonly database: Database;
  readonly logger: Logger;
  /** Logs in as role `worker`, which sees where audit trails end. */
  readonly workerUrl: string;
  /** Signs where they end. */
  readonly auditKey: KeyObject;
  /** Between two rounds of signing. Default 60,000. */
  readonly auditCheckpointMs?: number;
  /** How long events can be replayed; see retireEvents. Default 168 (7 days). */
  readonly eventRetentionHours?: number;
  /** How far back traces and figures by the hour reach. */
  readonly retention: RetentionOptions;
}

const houseEveryMs = 600_000;
const upkeepEveryMs = 3_600_000;

/** What is due for all workspaces and belongs to no subgraph: the log, the keys of mutations and the audit trail are the platform's. */
export function platformSchedules(options: PlatformOptions): readonly Schedule[] {
  const {
    database,
    logger,
    workerUrl,
    auditKey,
    auditCheckpointMs = 60_000,
    eventRetentionHours = 168,
    retention,
  } = options;
  return [
    {
      name: 'old events',
      everyMs: houseEveryMs,
      run: async () => void (await retireEvents(database, new Date(Date.now() - eventRetentionHours * 3_600_000))),
    },
    {
      name: 'old idempotency keys',
      everyMs: houseEveryMs,
      run: async () => void (await deleteOldIdempotencyKeys(database)),
    },
    {
      name: 'partitions of traces',
      everyMs: houseEveryMs,
      run: async () => void (await keepPartitions(workerUrl)),
    },
    {
      name: 'old partitions of traces',
      everyMs: upkeepEveryMs,
      run: async () => {
        const dropped = await dropPartitions(workerUrl, edgesOf(retention, new Date()));
        if (dropped > 0) logger.info({ dropped }, 'partitions of old traces were dropped');
      },
    },
    {
      name: 'audit checkpoints',
      everyMs: auditCheckpointMs,
      run: async () => {
        const { broken } = await writeCheckpoints(workerUrl, auditKey);
        for (const workspaceId of broken)
          logger.error({ workspaceId }, 'the audit trail lost what was signed before: run npm run audit:verify');
      },
    },
  ];
}
