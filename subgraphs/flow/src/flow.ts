import { CommandRegistry } from '@tributary/commands';
import { discoveryEndsCommand, flowFiguresCommand, uploadCommand } from '@tributary/contracts/commands';
import { declareJob, defineSubgraph } from '@tributary/server/declare';
import type { SubgraphDefinition, SubgraphDeps } from '@tributary/server';
import { createEngine, createFlowRegistry } from './createEngine.js';
import { DiscoveryReports } from './domain/discovery/DiscoveryReports.js';
import { ApproveFieldMappings } from './domain/discovery/ApproveFieldMappings.js';
import { ControlFlow } from './domain/flow/ControlFlow.js';
import { discoveryKind } from './domain/discovery/DiscoveryFlow.js';
import { FlowQueries } from './domain/flow/FlowQueries.js';
import { InspectUpload } from './domain/discovery/uploads/InspectUpload.js';
import { ReceiveUpload } from './domain/discovery/uploads/ReceiveUpload.js';
import { RunnerFlows } from './domain/runners/RunnerFlows.js';
import { RunnerPatience } from './domain/flow/RunnerPatience.js';
import { StartDiscovery } from './domain/discovery/StartDiscovery.js';
import { removeStoredCredentials } from './domain/discovery/removeStoredCredentials.js';
import { deleteOldUploads } from './domain/discovery/uploads/deleteOldUploads.js';
import { failLostFlows } from './domain/runners/failLostFlows.js';
import { WatchFlows } from './domain/flow/WatchFlows.js';
import { phaseJob } from './domain/flow/phaseJob.js';
import { DiscoveryFlowRow } from './storage/DiscoveryFlowRow.js';
import { flowEncryptedColumns } from './storage/encryptedColumns.js';
import { SourceDefinitions } from './domain/discovery/definitions/SourceDefinitions.js';
import { SourceDefinitionRow } from './storage/SourceDefinitionRow.js';
import { FieldMappingRow } from './storage/FieldMappingRow.js';
import { FlowPhaseRow } from './storage/FlowPhaseRow.js';
import { FlowRow } from './storage/FlowRow.js';
import { UploadRow } from './storage/UploadRow.js';
import type { UploadStore } from './storage/uploads/UploadStore.js';

export interface FlowOptions {
  /** Where uploads lie; whoever runs its jobs must be given the same. */
  readonly uploads: UploadStore;
  /** Between two looks for runners that went silent. Default 10 s. */
  readonly lostFlowsEveryMs?: number;
  /** Between two looks for uploads that nobody uses. Default 10 minutes. */
  readonly oldUploadsEveryMs?: number;
  /** Bytes of one upload, at most. Default 200 MB. */
  readonly maxUploadBytes?: number;
  /** Waits before the second, third … try of a phase that a passing fault ended. Default 1, 2 and 4 s. */
  readonly retryWaitsMs?: readonly number[];
}

/** Work that is done in phases: flows, the engine that runs them, and what they leave behind. */
export function flowSubgraph(options: FlowOptions): SubgraphDefinition {
  const { uploads, lostFlowsEveryMs = 10_000, oldUploadsEveryMs = 600_000 } = options;
  return defineSubgraph({
    name: 'flow',
    tables: [FlowRow, FlowPhaseRow, DiscoveryFlowRow, FieldMappingRow, UploadRow, SourceDefinitionRow],
    encryptedColumns: flowEncryptedColumns,
    services: (deps: SubgraphDeps) => createServices(deps, options),
    graphql: async () => (await import('./graphql/createSchema.js')).flowGraph,
    existing: {
      flow: ({ queries }, context, uuids) => queries.existing(context, uuids),
      source: ({ definitions }, context, uuids) => definitions.existing(context, uuids),
    },
    commands: ({ receiver, queries }) =>
      new CommandRegistry()
        .register(uploadCommand, (input, context, body) => receiver.receive(context, input, body!))
        .register(flowFiguresCommand, (input, context) => queries.figures(context, input))
        .register(discoveryEndsCommand, (input, context) => queries.discoveryEnds(context, input)),
    jobs: [
      declareJob({
        job: phaseJob,
        handler: (deps) => {
          const { retryWaitsMs } = options;
          const engine = createEngine({ ...deps, uploads, ...(retryWaitsMs ? { retryWaitsMs } : {}) });
          // Whoever takes the first job is told; until then nobody waits for it.
          engine.catch(() => undefined);
          return async (payload, { workspaceId, signal, attempt }) =>
            (await engine).run({ ...payload, workspaceId }, signal, attempt);
        },
      }),
    ],
    schedules: [
      {
        name: 'stored credentials',
        everyMs: 600_000,
        work:
          ({ database }) =>
          async () =>
            void (await removeStoredCredentials(database)),
      },
      {
        name: 'lost flows',
        everyMs: lostFlowsEveryMs,
        work:
          ({ database }) =>
          async () =>
            void (await failLostFlows(database)),
      },
      {
        name: 'old uploads',
        everyMs: oldUploadsEveryMs,
        work:
          ({ database }) =>
          async () =>
            void (await deleteOldUploads(database, uploads)),
      },
    ],
  });
}

function createServices(deps: SubgraphDeps, { uploads, maxUploadBytes }: FlowOptions) {
  const { database, streams, logger } = deps;
  const flows = createFlowRegistry();
  const patience = new RunnerPatience(deps.commands, logger);
  const queries = new FlowQueries(database);
  return {
    queries,
    reports: new DiscoveryReports(database, queries),
    watch: new WatchFlows(database, streams),
    discovery: new StartDiscovery(database, flows.find(discoveryKind)!, new InspectUpload(database, uploads)),
    definitions: new SourceDefinitions(database),
    approval: new ApproveFieldMappings(database),
    control: new ControlFlow(database, patience),
    runners: new RunnerFlows(database, patience, flows.kinds),
    receiver: new ReceiveUpload({
      database,
      uploads,
      logger,
      ...(maxUploadBytes ? { maxBytes: maxUploadBytes } : {}),
    }),
  };
}
