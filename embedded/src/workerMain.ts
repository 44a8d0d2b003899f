import { once } from 'node:events';
import { isRelayedHint, RelayBus } from '@tributary/events';
import { createLogger } from '@tributary/observability';
import { runAsProcess } from '@tributary/process';
import { isToldMetrics, standBack, tellMetrics, WorkThread } from '@tributary/worker';
import { openWork, workerRuns } from './openWork.js';
import type { WorkerSettings } from './openWork.js';

/** The phases of flows on the main thread, and beside it a thread for everything that must not wait behind them. */
await runAsProcess(async () => {
  const [settings] = (await once(process, 'message')) as [WorkerSettings];
  const bus = new RelayBus();
  const up = bus.connect((hint) => {
    if (process.connected) process.send?.(hint);
  });
  process.on('message', (message) => {
    if (isRelayedHint(message)) up.receive(message);
  });

  const logger = createLogger({ name: 'worker', level: settings.logLevel });
  const opened = new AsyncDisposableStack();
  const reactions = opened.use(
    new WorkThread({
      file: new URL('workerThread.js', import.meta.url),
      data: settings,
      onMessage: (message) => {
        if (isRelayedHint(message)) aside.receive(message);
        else if (isToldMetrics(message) && process.connected) process.send?.({ ...message, of: 'reactions' });
      },
      onLost: (err) => {
        logger.error({ err }, 'the thread of reactions ended');
        // The first process starts both again.
        process.exit(1);
      },
    }),
  );
  const aside = bus.connect((hint) => reactions.send(hint));
  // Not before the thread of reactions is there: it would inherit it.
  standBack();
  opened.use(await openWork('phases', settings, bus));
  tellMetrics((told) => {
    if (process.connected) process.send?.({ ...told, of: 'phases' });
  }, logger);
  if (process.connected) process.send?.(workerRuns);

  let stopping = false;
  function stop(): void {
    if (stopping) return;
    stopping = true;
    void opened.disposeAsync().finally(() => process.exit(0));
  }

  process.on('SIGTERM', stop);
  // Ctrl-C reaches the whole group; the first process decides when this one ends.
  process.on('SIGINT', () => undefined);
  // The first process is gone, however it went: nothing would restart or stop this one.
  process.on('disconnect', stop);
});
