import { parseArgs } from 'node:util';
import { Database } from '@tributary/data';
import { ConsumerRunner, InProcessBus } from '@tributary/events';
import { createLogger } from '@tributary/observability';
import { rebuildFigures, rollUp, rollupConsumer, sealDays } from '@tributary/subgraph-metrics/rollups';
import { brokenRollups } from './brokenRollups.ts';
import { days } from './RollupWorld.ts';

// Rolls traces up, seals days and makes some of them anew, in a process of its own that may be killed at any time. It ends with the one that started it.
const { values } = parseArgs({
  options: { url: { type: 'string' }, workspace: { type: 'string' }, broken: { type: 'string' } },
});
process.on('disconnect', () => process.exit());

const logger = createLogger({ name: 'roll-up', level: 'silent' });
const bus = new InProcessBus();
const options = { entities: [], logger, hints: bus, statementTimeoutMs: 30_000, poolSize: 4 };
const database = await Database.open({ url: values.url!, ...options });
const broken = brokenRollups.find(({ name }) => name === values.broken);
const consumer = { ...rollupConsumer, maxWeight: 2_000, handle: broken?.handle?.(database) ?? rollUp };
new ConsumerRunner({ database, bus, logger, consumer, pollMs: 200, gatherMs: 50 }).start();
for (;;) {
  // While PostgreSQL starts again nothing can be sealed.
  await sealDays(database, logger).catch(() => undefined);
  if (broken === undefined) await rebuildOne().catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 2_000));
}

/** A day of the last six weeks, whichever. */
async function rebuildOne(): Promise<void> {
  const day = new Date(Date.now() - Math.random() * days * 86_400_000).toISOString().slice(0, 10);
  await rebuildFigures(database, { workspaceId: values.workspace! }, { from: day, to: day });
}
