import { parentPort, workerData } from 'node:worker_threads';
import { runAsProcess } from '@tributary/process';
import { readWorkerConfig } from './config.js';
import { openClusterWork } from './openClusterWork.js';
import { tellMetrics } from './tellMetrics.js';
import { asksToStop } from './WorkThread.js';

/** Reactions beside the phases of the process that started this thread, and gave it its settings. */
await runAsProcess(async () => {
  const env = workerData as NodeJS.ProcessEnv;
  const beside = readWorkerConfig(env).WORKER_RUNS.filter((kind) => kind !== 'phases');
  const work = await openClusterWork(beside, env);
  tellMetrics((told) => parentPort?.postMessage(told), work.logger);
  parentPort?.on('message', (message) => {
    if (asksToStop(message)) void Promise.resolve(work[Symbol.asyncDispose]()).finally(() => process.exit(0));
  });
});
