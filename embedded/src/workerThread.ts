import { parentPort, workerData } from 'node:worker_threads';
import { isRelayedHint, RelayBus } from '@tributary/events';
import { createLogger } from '@tributary/observability';
import { runAsProcess } from '@tributary/process';
import { asksToStop, tellMetrics } from '@tributary/worker';
import { openWork } from './openWork.js';
import type { WorkerSettings } from './openWork.js';

/** Consumers, schedules and small jobs: beside the phases, which would keep them waiting. */
await runAsProcess(async () => {
  const bus = new RelayBus();
  const line = bus.connect((hint) => parentPort?.postMessage(hint));
  const settings = workerData as WorkerSettings;
  const work = await openWork('reactions', settings, bus);
  tellMetrics((told) => parentPort?.postMessage(told), createLogger({ name: 'worker', level: settings.logLevel }));
  parentPort?.on('message', (message) => {
    if (isRelayedHint(message)) line.receive(message);
    else if (asksToStop(message)) void Promise.resolve(work[Symbol.asyncDispose]()).finally(() => process.exit(0));
  });
});
