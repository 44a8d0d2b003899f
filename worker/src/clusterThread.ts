import { parentPort, workerData } from 'node:worker_threads';
import { runAsProcess } from '@tributary/process';
import { openClusterWork } from './openClusterWork.js';
import { tellMetrics } from './tellMetrics.js';
import { asksToStop } from './WorkThread.js';

/** Reactions beside the phases of the process that started this thread, and gave it its settings. */
await runAsProcess(async () => {
  const work = await openClusterWork('reactions', workerData as NodeJS.ProcessEnv);
  tellMetrics((told) => parentPort?.postMessage(told), work.logger);
  parentPort?.on('message', (message) => {
    if (asksToStop(message)) void Promise.resolve(work[Symbol.asyncDispose]()).finally(() => process.exit(0));
  });
});
