import { parentPort, workerData } from 'node:worker_threads';
import { Repeating } from '@tributary/kernel';
import { metricsSnapshot } from '@tributary/observability';
import { runAsProcess } from '@tributary/process';
import { openClusterWork } from './openClusterWork.js';
import { asksToStop } from './WorkThread.js';
import type { ThreadMetrics } from './WorkThread.js';

/** Less than any scrape waits. */
const tellEveryMs = 5_000;

/** Reactions beside the phases of the process that started this thread, and gave it its settings. */
await runAsProcess(async () => {
  const work = await openClusterWork('reactions', workerData as NodeJS.ProcessEnv);
  const tellMetrics = async () => parentPort?.postMessage({ metrics: await metricsSnapshot() } satisfies ThreadMetrics);
  new Repeating({
    everyMs: tellEveryMs,
    work: tellMetrics,
    onFault: (err) => work.logger.warn({ err }, 'the figures of the thread of reactions could not be told'),
  }).start();
  parentPort?.on('message', (message) => {
    if (asksToStop(message)) void Promise.resolve(work[Symbol.asyncDispose]()).finally(() => process.exit(0));
  });
});
