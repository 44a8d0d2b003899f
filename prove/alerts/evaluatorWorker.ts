import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Cache, readCacheConfig } from '@tributary/cache';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { figuresCommand, lateMinutesCommand, slidingFiguresCommand } from '@tributary/contracts/commands';
import { Database } from '@tributary/data';
import { EventStreams, InProcessBus } from '@tributary/events';
import { createLogger } from '@tributary/observability';
import { alertSubgraph } from '@tributary/subgraph-alert';
import { brokenEvaluators } from './brokenEvaluators.ts';
import { Episodes } from './Episodes.ts';
import { groupNames } from './groupNames.ts';

// Evaluates rules in a process of its own that may be killed or stopped at any time. It ends with the one that started it.
const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    seed: { type: 'string' },
    first: { type: 'string' },
    count: { type: 'string' },
    groups: { type: 'string' },
    broken: { type: 'string' },
  },
});
let aheadMs = 0;
process.on('disconnect', () => process.exit());
process.on('message', (message: number) => (aheadMs = message));

const episodes = new Episodes(values.seed!, Number(values.first), Number(values.count));
const groups = groupNames(Number(values.groups));
const registry = new CommandRegistry()
  .register(figuresCommand, async () => [])
  .register(lateMinutesCommand, async ({ after }) => ({
    last: after ?? 0,
    hasMore: false,
    isIncomplete: false,
    started: [],
    ended: [],
  }))
  .register(slidingFiguresCommand, async ({ scope, keys, firstEnd, count, stepMs }) => {
    const rule = scope?.agent?.[0] ?? '';
    return Array.from({ length: count }, (_, index) => index).flatMap((index) =>
      groups.flatMap((key) => {
        const holds = episodes.holds(rule, key, firstEnd.getTime() + index * stepMs);
        return holds || keys?.includes(key) ? [{ key, index, value: holds ? 1 : 0 }] : [];
      }),
    );
  });

const logger = createLogger({ name: 'evaluator', level: 'silent' });
const bus = new InProcessBus();
const definition = alertSubgraph({ aheadMs: () => aheadMs });
const entities = [...definition.tables] as Function[];
const options = { entities, logger, hints: bus, poolSize: 4 };
const opened = await Database.open({ url: values.url!, ...options });
const database = brokenEvaluators.find(({ name }) => name === values.broken)?.database?.(opened) ?? opened;
const streams = new EventStreams({ database, bus, logger });
const cache = new Cache(readCacheConfig({}));
const deps = { database, bus, cache, streams, commands: new LocalCommandClient(registry), logger };
const evaluate = definition.background(deps).schedules.find(({ name }) => name === 'due alert rules')!;
process.send!('ready');
for (;;) {
  // What failed is due again when its next tick is.
  await evaluate.run().catch(() => undefined);
  await delay(20);
}
