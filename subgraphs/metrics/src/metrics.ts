import { scopeOf } from '@tributary/data';
import { CommandRegistry } from '@tributary/commands';
import { figuresCommand, recordTracesCommand, slidingFiguresCommand } from '@tributary/contracts/commands';
import { defineSubgraph } from '@tributary/server';
import { readFigures, readSlidingFigures } from './domain/figures.js';
import { findExistingTraces } from './domain/traceList.js';
import { TraceIntake } from './domain/TraceIntake.js';
import { metricsGraphql, metricsReferences } from './graphql/createSchema.js';
import { TraceRow } from './storage/TraceRow.js';

/** What agents did, took and cost: stores their traces and computes figures over them. */
export const metricsSubgraph = defineSubgraph({
  name: 'metrics',
  tables: [TraceRow],
  services: ({ database, commands, logger }) => ({ database, commands, logger, intake: new TraceIntake(database) }),
  graphql: metricsGraphql,
  references: metricsReferences,
  existing: { trace: ({ database }, context, uuids) => findExistingTraces(database, context, uuids) },
  commands: ({ database, intake, logger }) =>
    new CommandRegistry()
      .register(recordTracesCommand, async ({ traces }, context) => {
        const { accepted, rejected } = await intake.take(context, traces);
        if (rejected.length > 0)
          logger.warn({ workspaceId: context.principal.workspaceId, rejected }, 'own traces were rejected');
        return { accepted };
      })
      .register(figuresCommand, (request, context) => readFigures(database, scopeOf(context), request))
      .register(slidingFiguresCommand, (request, context) => readSlidingFigures(database, scopeOf(context), request)),
});
