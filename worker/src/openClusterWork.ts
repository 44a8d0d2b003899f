import { refusePooler } from '@tributary/data';
import type { WorkKind } from '@tributary/jobs';
import type { Logger } from '@tributary/observability';
import { openClusterDeps, readSubgraphConfig } from '@tributary/server';
import { openClusterKeyring } from '@tributary/data/encryption';
import { readAlertConfig } from '@tributary/subgraph-alert';
import { readWebhookConfig } from '@tributary/subgraph-delivery';
import { openClusterUploads } from '@tributary/subgraph-flow';
import { readRetention, readRollup } from '@tributary/subgraph-metrics';
import { allSubgraphs } from './allSubgraphs.js';
import { readWorkerConfig } from './config.js';
import { platformSchedules } from './platformSchedules.js';
import { startWork } from './startWork.js';

export interface ClusterWork extends AsyncDisposable {
  readonly logger: Logger;
  isReady(): Promise<boolean>;
}

/** One kind of work in a process or thread of cluster mode, with connections of its own. */
export async function openClusterWork(runs: readonly WorkKind[], env: NodeJS.ProcessEnv): Promise<ClusterWork> {
  const settings = readWorkerConfig(env);
  const retention = readRetention(env);
  const metrics = { retention, rollup: readRollup(env) };
  const subgraphs = allSubgraphs({
    metrics,
    alerts: readAlertConfig(env),
    accessTokens: null,
    uploads: openClusterUploads(env),
    outgoing: readWebhookConfig(env),
  });
  const tables = subgraphs.flatMap((subgraph) => [...subgraph.tables]);
  await refusePooler(settings.WORKER_DATABASE_URL, 'WORKER_DATABASE_URL');
  const opened = new AsyncDisposableStack();
  const { deps, close } = await openClusterDeps('worker', tables, readSubgraphConfig(env), openClusterKeyring(env));
  opened.defer(close);
  const { database, logger } = deps;
  opened.use(
    await startWork({
      runs,
      subgraphs,
      depsOf: ({ name }) => ({ ...deps, logger: logger.child({ subgraph: name }) }),
      platform: platformSchedules({
        database,
        logger,
        workerUrl: settings.WORKER_DATABASE_URL,
        auditKey: settings.AUDIT_SIGNING_KEY,
        auditCheckpointMs: settings.AUDIT_CHECKPOINT_MS,
        eventRetentionHours: settings.EVENT_RETENTION_HOURS,
        retention,
      }),
      workerUrl: settings.WORKER_DATABASE_URL,
      concurrency: settings.WORKER_CONCURRENCY,
    }),
  );
  return {
    logger,
    isReady: () => database.isReachable(),
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}
