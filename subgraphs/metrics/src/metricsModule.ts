import { encodeId, uuidOf } from '@tributary/contracts/ids';
import { CommandRegistry } from '@tributary/commands';
import {
  existingCommand,
  figuresCommand,
  recordTracesCommand,
  slidingFiguresCommand,
} from '@tributary/contracts/commands';
import { scopeOf } from '@tributary/data';
import { Subgraph } from '@tributary/server';
import type { SubgraphDeps, SubgraphModule } from '@tributary/server';
import { readFigures, readSlidingFigures } from './domain/figures.js';
import { findExistingTraces } from './domain/traceList.js';
import { TraceIntake } from './domain/TraceIntake.js';
import { createSchema } from './graphql/createSchema.js';
import { TraceRow } from './storage/TraceRow.js';

/** What agents did, took and cost: stores their traces and computes figures over them. */
export const metricsModule: SubgraphModule = {
  name: 'metrics',
  entities: [TraceRow],
  create: async ({ database, commands, logger }: SubgraphDeps) => {
    const intake = new TraceIntake(database);
    const registry = new CommandRegistry()
      .register(recordTracesCommand, async ({ traces }, context) => {
        const { accepted, rejected } = await intake.take(context, traces);
        if (rejected.length > 0)
          logger.warn({ workspaceId: context.principal.workspaceId, rejected }, 'own traces were rejected');
        return { accepted };
      })
      .register(figuresCommand, (request, context) => readFigures(database, scopeOf(context), request))
      .register(slidingFiguresCommand, (request, context) => readSlidingFigures(database, scopeOf(context), request))
      .register(existingCommand.metrics, async ({ ids }, context) => {
        const uuids = ids.map((id) => uuidOf('trace', id)).filter((uuid) => uuid !== null);
        const known = await findExistingTraces(database, context, uuids);
        return [...known].map((uuid) => encodeId('trace', uuid));
      });
    return new Subgraph(
      { name: 'metrics', graphql: createSchema({ database, commands, intake }), commands: registry },
      logger,
    );
  },
};
