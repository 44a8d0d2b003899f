import { closeAtSignal, openClusterDeps, readSubgraphConfig, runAsProcess } from '@tributary/server';
import { openClusterUploads, readWorkerConfig } from '../config.js';
import { flowEntities } from '../flowSubgraph.js';
import { createFlowWorker } from './createFlowWorker.js';

/** A flow worker as a process of its own: any number of them share the queue. */
await runAsProcess(async () => {
  const { WORKER_DATABASE_URL, WORKER_CONCURRENCY } = readWorkerConfig();
  const uploads = openClusterUploads();
  const { deps, close } = await openClusterDeps('worker', flowEntities, readSubgraphConfig());
  const worker = await createFlowWorker({
    ...deps,
    uploads,
    workerUrl: WORKER_DATABASE_URL,
    concurrency: WORKER_CONCURRENCY,
  });
  await worker.start();
  deps.logger.info('the flow worker takes jobs');
  closeAtSignal(async () => {
    await worker.stop();
    await close();
  });
});
