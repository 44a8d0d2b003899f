import type { GraphqlParts, Reference } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import { readTrace } from '../domain/traceList.js';
import type { TraceIntake } from '../domain/TraceIntake.js';
import { FigureResolver } from './FigureResolver.js';
import { Flow } from './stubs.js';
import { toTrace, Trace } from './Trace.js';
import { TraceResolver } from './TraceResolver.js';

export interface MetricsServices {
  readonly database: Database;
  readonly commands: CommandClient;
  readonly intake: TraceIntake;
}

export function metricsGraphql({ database, commands, intake }: MetricsServices): GraphqlParts {
  return {
    resolvers: [new FigureResolver(database), new TraceResolver(database, commands, intake)],
    types: [Flow, Trace],
  };
}

export const metricsReferences: Readonly<Record<string, Reference<MetricsServices>>> = {
  Flow: { joins: Flow },
  Trace: {
    action: 'metrics.read',
    load: async ({ database }, context, id) => {
      const row = await readTrace(database, context, id);
      return row && toTrace(row, context);
    },
  },
};
