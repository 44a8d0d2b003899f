import { AuditCheckpointWriter } from '@tributary/data/audit';
import { closeAtSignal, runAsProcess, settingsWithSecrets } from '@tributary/kernel';
import { HealthServer, openClusterDeps, readSubgraphConfig } from '@tributary/server';
import { openClusterKeyring, openClusterUploads, readWorkerConfig } from '../config.js';
import { flowEntities } from '../flowSubgraph.js';
import { createFlowWorker } from './createFlowWorker.js';

/** A flow worker as a process of its own: any number of them share the queue. */
await runAsProcess(async () => {
  const env = await settingsWithSecrets();
  const { WORKER_DATABASE_URL, WORKER_CONCURRENCY, AUDIT_SIGNING_KEY, AUDIT_CHECKPOINT_MS } = readWorkerConfig(env);
  const uploads = openClusterUploads(env);
  const config = readSubgraphConfig(env);
  const { deps, close } = await openClusterDeps('worker', flowEntities, config, openClusterKeyring(env));
  const worker = await createFlowWorker({
    ...deps,
    uploads,
    workerUrl: WORKER_DATABASE_URL,
    concurrency: WORKER_CONCURRENCY,
  });
  await worker.start();
  const checkpoints = new AuditCheckpointWriter({
    workerUrl: WORKER_DATABASE_URL,
    key: AUDIT_SIGNING_KEY,
    everyMs: AUDIT_CHECKPOINT_MS,
    logger: deps.logger,
  });
  checkpoints.start();
  const isReady = () => deps.database.isReachable();
  const health = await HealthServer.start({ host: config.HOST, port: config.PORT, isReady });
  deps.logger.info({ port: health.port }, 'the flow worker takes jobs');
  closeAtSignal(async () => {
    await health.close();
    await worker.stop();
    await checkpoints.close();
    await close();
  });
});
