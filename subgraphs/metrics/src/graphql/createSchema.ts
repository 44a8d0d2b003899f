import { CodedError } from '@tributary/contracts/errors';
import { mayDo } from '@tributary/contracts/actions';
import { buildFederatedSchema } from '@tributary/server';
import type { FederatedSchema, GraphqlContext } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import { readTrace } from '../domain/traceList.js';
import type { TraceIntake } from '../domain/TraceIntake.js';
import { FigureResolver } from './FigureResolver.js';
import { Flow } from './Flow.js';
import { toTrace, Trace } from './Trace.js';
import { TraceResolver } from './TraceResolver.js';

export interface SchemaParts {
  readonly database: Database;
  readonly commands: CommandClient;
  readonly intake: TraceIntake;
}

export function createSchema({ database, commands, intake }: SchemaParts): FederatedSchema {
  return buildFederatedSchema({
    resolvers: [new FigureResolver(database), new TraceResolver(database, commands, intake)],
    orphanedTypes: [Flow, Trace],
    references: {
      Flow: ({ id }) => Object.assign(new Flow(), { id }),
      Trace: async ({ id }, context) => {
        assertMayRead(context);
        const row = await readTrace(database, context, id);
        return row && toTrace(row, context);
      },
    },
  });
}

/** `_entities` has no field of ours that could name the action. */
function assertMayRead(context: GraphqlContext): void {
  if (mayDo(context.principal, 'metrics.read')) return;
  throw new CodedError(
    'INSUFFICIENT_PERMISSIONS',
    'This needs the action metrics.read, which your role or key does not have.',
    {
      action: 'metrics.read',
    },
  );
}
