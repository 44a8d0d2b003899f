import { closeAtSignal, runAsProcess, settingsWithSecrets } from '@tributary/process';
import { HealthServer, readSubgraphConfig } from '@tributary/server';
import { readWorkerConfig } from './config.js';
import { openClusterWork } from './openClusterWork.js';
import { WorkThread } from './WorkThread.js';

/** A worker as a process of its own: any number of them share the queue, the logs and the schedules. */
await runAsProcess(async () => {
  const env = await settingsWithSecrets();
  const { WORKER_RUNS } = readWorkerConfig(env);
  const both = WORKER_RUNS.includes('phases') && WORKER_RUNS.includes('reactions');
  const opened = new AsyncDisposableStack();
  const work = opened.use(await openClusterWork(both ? 'phases' : WORKER_RUNS[0]!, env));
  if (both) {
    opened.use(
      new WorkThread({
        file: new URL('clusterThread.js', import.meta.url),
        data: env,
        onLost: (err) => {
          work.logger.fatal({ err }, 'the thread of consumers and schedules ended; the worker ends, too');
          process.exit(1);
        },
      }),
    );
  }
  const { HOST: host, PORT: port } = readSubgraphConfig(env);
  const health = opened.use(await HealthServer.start({ host, port, isReady: () => work.isReady() }));
  work.logger.info({ port: health.port, runs: WORKER_RUNS }, 'the worker is at work');
  closeAtSignal(() => opened.disposeAsync());
});
