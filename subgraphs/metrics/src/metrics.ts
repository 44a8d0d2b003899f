import { scopeOf } from '@tributary/data';
import { CommandRegistry } from '@tributary/commands';
import {
  figuresCommand,
  lateMinutesCommand,
  otlpTracesCommand,
  recordTracesCommand,
  slidingFiguresCommand,
  spendCommand,
} from '@tributary/contracts/commands';
import { defineSubgraph } from '@tributary/server/declare';
import type { SubgraphDefinition, SubgraphDeps } from '@tributary/server';
import { CachedFigures } from './domain/CachedFigures.js';
import { plainTrace } from './domain/checkTrace.js';
import { readFigures, readSlidingFigures } from './domain/figures.js';
import { readLateMinutes } from './domain/lateMinutes.js';
import { defaultOtlpOptions, OtlpIntake } from './domain/otlp/OtlpIntake.js';
import type { OtlpOptions } from './domain/otlp/OtlpIntake.js';
import { defaultRollup, rollUp, rollupConsumer } from './domain/rollup/rollUp.js';
import type { RollupOptions } from './domain/rollup/rollUp.js';
import { defaultRetention, edgesOf } from './domain/retention/retentionEdges.js';
import type { RetentionOptions } from './domain/retention/retentionEdges.js';
import { retireTraces } from './domain/retention/retireTraces.js';
import { measureTail } from './domain/rollup/measureTail.js';
import { sealDays } from './domain/rollup/sealDays.js';
import { ModelPrices } from './domain/prices/ModelPrices.js';
import type { PriceBook } from './domain/prices/PriceBook.js';
import { ShippedPrices } from './domain/prices/ShippedPrices.js';
import { readSpend } from './domain/spend.js';
import { findExistingTraces } from './domain/traceList.js';
import { TraceIntake } from './domain/TraceIntake.js';

export interface MetricsOptions {
  /** How spans are taken in. Default: those of agents and models, without contents, 20 MiB a request. */
  readonly otlp?: OtlpOptions;
  /** How traces are rolled up. Default: every 2,000 ms, 50,000 at most. */
  readonly rollup?: RollupOptions;
  /** How far back traces and cells reach. Default: traces for ever, figures by the hour 400 days. */
  readonly retention?: RetentionOptions;
  /** What calls of models cost where a workspace has set nothing. Default: the table that comes with the product. */
  readonly prices?: PriceBook;
}

/** What agents did, took and cost: stores their traces and computes figures over them. */
export function metricsSubgraph({
  otlp = defaultOtlpOptions,
  rollup = defaultRollup,
  retention = defaultRetention,
  prices = new ShippedPrices(),
}: MetricsOptions = {}): SubgraphDefinition {
  return defineSubgraph({
    name: 'metrics',
    tables: [],
    services: ({ database, cache, streams, commands, logger }: SubgraphDeps) => {
      const intake = new TraceIntake(database, prices, retention.traceDays);
      const modelPrices = new ModelPrices(database);
      const figures = new CachedFigures(database, cache);
      return { database, figures, streams, commands, logger, intake, modelPrices, otlp: new OtlpIntake(intake, otlp) };
    },
    graphql: async () => (await import('./graphql/createSchema.js')).metricsGraph,
    existing: { trace: ({ database }, context, uuids) => findExistingTraces(database, context, uuids) },
    commands: (services) => {
      const { database, intake, logger } = services;
      return new CommandRegistry()
        .register(recordTracesCommand, async ({ traces }, context) => {
          const { accepted, rejected } = await intake.take(
            context,
            traces.map((trace) => ({ ...plainTrace, ...trace })),
          );
          if (rejected.length > 0)
            logger.warn({ workspaceId: context.principal.workspaceId, rejected }, 'own traces were rejected');
          return { accepted };
        })
        .register(otlpTracesCommand, (input, context, body) => services.otlp.take(input, context, body!))
        .register(figuresCommand, (request, context) => readFigures(database, scopeOf(context), request))
        .register(lateMinutesCommand, ({ after }, context) => readLateMinutes(database, scopeOf(context), after))
        .register(spendCommand, (request, context) => readSpend(database, scopeOf(context), request))
        .register(slidingFiguresCommand, (request, context) => readSlidingFigures(database, scopeOf(context), request));
    },
    consumers: [
      {
        ...rollupConsumer,
        maxWeight: rollup.maxTraces,
        everyMs: rollup.everyMs,
        handler: () => rollUp,
      },
    ],
    schedules: [
      {
        name: 'days of traces to seal',
        everyMs: 60_000,
        work:
          ({ database, logger }) =>
          async () =>
            void (await sealDays(database, logger)),
      },
      {
        name: 'old traces to give up',
        everyMs: 3_600_000,
        work:
          ({ database, logger }) =>
          async () =>
            void (await retireTraces(database, logger, edgesOf(retention, new Date()))),
      },
      {
        name: 'how far the roll-up is behind',
        everyMs: 15_000,
        work:
          ({ database }) =>
          () =>
            measureTail(database),
      },
    ],
  });
}
