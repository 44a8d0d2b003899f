import type { GraphqlParts, Reference, SubgraphGraph } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import type { EventStreams } from '@tributary/events';
import { readTrace } from '../domain/traceList.js';
import type { TraceIntake } from '../domain/TraceIntake.js';
import type { ModelPrices } from '../domain/prices/ModelPrices.js';
import type { CachedFigures } from '../domain/CachedFigures.js';
import { FigureResolver } from './FigureResolver.js';
import { createActivityResolver } from './createActivityResolver.js';
import { FlowTracesResolver } from './FlowTracesResolver.js';
import { Alert, Flow } from './stubs.js';
import { AgentResolver } from './AgentResolver.js';
import { AgentSessionResolver } from './AgentSessionResolver.js';
import { ReportResolver } from './ReportResolver.js';
import { ModelPriceResolver } from './ModelPriceResolver.js';
import { toTrace, Trace } from './Trace.js';
import { TraceResolver } from './TraceResolver.js';

export interface MetricsServices {
  readonly database: Database;
  readonly streams: EventStreams;
  readonly commands: CommandClient;
  readonly figures: CachedFigures;
  readonly intake: TraceIntake;
  readonly modelPrices: ModelPrices;
}

function parts({ database, streams, commands, figures, intake, modelPrices }: MetricsServices): GraphqlParts {
  return {
    resolvers: [
      new FigureResolver(database, figures),
      new TraceResolver(database, commands, intake),
      new FlowTracesResolver(database),
      new ModelPriceResolver(modelPrices),
      new ReportResolver(database, figures),
      new AgentResolver(database, figures),
      new AgentSessionResolver(database),
      createActivityResolver(database, streams),
    ],
    types: [Flow, Alert, Trace],
  };
}

const references: Readonly<Record<string, Reference<MetricsServices>>> = {
  Flow: { joins: Flow },
  Trace: {
    action: 'metrics.read',
    load: async ({ database }, context, id) => {
      const row = await readTrace(database, context, id);
      return row && toTrace(row, context);
    },
  },
};

export const metricsGraph: SubgraphGraph<MetricsServices> = { parts, references };
