import { createLogger } from '@tributary/observability';
import type { LogLevel, MetricsSnapshot } from '@tributary/observability';
import { closeAtSignal, runAsProcess, settingsWithSecrets } from '@tributary/process';
import { HealthServer, readSubgraphConfig } from '@tributary/server';
import { readWorkerConfig } from './config.js';
import { openClusterWork } from './openClusterWork.js';
import { standBack } from './standBack.js';
import { isToldMetrics } from './tellMetrics.js';
import { WorkThread } from './WorkThread.js';

/** A worker as a process of its own: any number of them share the queue, the logs and the schedules. */
await runAsProcess(async () => {
  const env = await settingsWithSecrets();
  const { WORKER_RUNS: runs } = readWorkerConfig(env);
  const { HOST: host, PORT: port, LOG_LEVEL: level } = readSubgraphConfig(env);
  const opened = new AsyncDisposableStack();
  const counted: MetricsSnapshot[] = [];
  const beside = runs.filter((kind) => kind !== 'phases');
  if (runs.includes('phases') && beside.length > 0) {
    const keep = (metrics: MetricsSnapshot) => void (counted[0] = metrics);
    opened.use(startReactions(env, level, keep));
  }
  const own = runs.includes('phases') ? (['phases'] as const) : beside;
  // Not before the thread of reactions is there: it would inherit it.
  if (runs.includes('phases')) standBack();
  const work = opened.use(await openClusterWork(own, env));
  const isReady = () => work.isReady();
  const health = opened.use(await HealthServer.start({ host, port, isReady, otherThreads: () => counted }));
  work.logger.info({ port: health.port, runs }, 'the worker is at work');
  closeAtSignal(() => opened.disposeAsync());
});

function startReactions(
  env: NodeJS.ProcessEnv,
  level: LogLevel,
  onMetrics: (metrics: MetricsSnapshot) => void,
): WorkThread {
  return new WorkThread({
    file: new URL('clusterThread.js', import.meta.url),
    data: env,
    onMessage: (message) => {
      if (isToldMetrics(message)) onMetrics(message.metrics);
    },
    onLost: (err) => {
      createLogger({ name: 'worker', level }).fatal({ err }, 'the thread of reactions ended; the worker ends, too');
      process.exit(1);
    },
  });
}
