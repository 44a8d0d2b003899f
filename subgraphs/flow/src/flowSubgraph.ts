import { CommandRegistry } from '@tributary/commands';
import { existingCommand, uploadCommand } from '@tributary/contracts/commands';
import { Subgraph, Sweeper } from '@tributary/server';
import type { SubgraphDeps, SubgraphModule } from '@tributary/server';
import { createFlowRegistry } from './createEngine.js';
import { ApproveFieldMappings } from './domain/discovery/ApproveFieldMappings.js';
import { ControlFlow } from './domain/flow/ControlFlow.js';
import { discoveryKind } from './domain/discovery/DiscoveryFlow.js';
import { FlowQueries } from './domain/flow/FlowQueries.js';
import { ReceiveUpload } from './domain/discovery/uploads/ReceiveUpload.js';
import { RunnerFlows } from './domain/runners/RunnerFlows.js';
import { RunnerPatience } from './domain/flow/RunnerPatience.js';
import { StartDiscovery } from './domain/discovery/StartDiscovery.js';
import { deleteOldUploads } from './domain/discovery/uploads/deleteOldUploads.js';
import { failLostFlows } from './domain/runners/failLostFlows.js';
import { WatchFlows } from './domain/flow/WatchFlows.js';
import { createFlowSchema } from './graphql/createSchema.js';
import { DiscoveryFlowRecord } from './storage/DiscoveryFlowRecord.js';
import { FieldMappingRecord } from './storage/FieldMappingRecord.js';
import { FlowPhaseRecord } from './storage/FlowPhaseRecord.js';
import { FlowRecord } from './storage/FlowRecord.js';
import { UploadRecord } from './storage/UploadRecord.js';
import type { UploadStore } from './storage/uploads/UploadStore.js';

/** The tables of this subgraph, for the Database of a process that serves it or works for it. */
export const flowEntities: readonly Function[] = [
  FlowRecord,
  FlowPhaseRecord,
  DiscoveryFlowRecord,
  FieldMappingRecord,
  UploadRecord,
];

export interface FlowModuleOptions {
  /** Where uploads lie; the flow workers must be given the same. */
  readonly uploads: UploadStore;
  /** Between two looks for runners that went silent. Default 10 s. */
  readonly lostFlowsEveryMs?: number;
  /** Between two looks for uploads that nobody uses. Default 10 minutes. */
  readonly oldUploadsEveryMs?: number;
  /** Bytes of one upload, at most. Default 200 MB. */
  readonly mostUploadBytes?: number;
}

/** The flow subgraph. Phases of flows run elsewhere: see createFlowWorker. */
export function flowSubgraph(options: FlowModuleOptions): SubgraphModule {
  return { name: 'flow', entities: flowEntities, create: async (deps) => createSubgraph(deps, options) };
}

function createSubgraph(deps: SubgraphDeps, options: FlowModuleOptions): Subgraph {
  const { database, streams, logger } = deps;
  const { uploads } = options;
  const flows = createFlowRegistry();
  const patience = new RunnerPatience(deps.commands, logger);
  const queries = new FlowQueries(database);
  const receiver = new ReceiveUpload({
    database,
    uploads,
    logger,
    ...(options.mostUploadBytes ? { mostBytes: options.mostUploadBytes } : {}),
  });
  const graphql = createFlowSchema({
    queries,
    watch: new WatchFlows(database, streams),
    discovery: new StartDiscovery(database, flows.find(discoveryKind)!),
    approval: new ApproveFieldMappings(database),
    control: new ControlFlow(database, patience),
    runners: new RunnerFlows(database, patience, flows.kinds),
  });
  const commands = new CommandRegistry()
    .register(existingCommand.flow, ({ ids }, context) => queries.existing(context, ids))
    .register(uploadCommand, (input, context, body) => receiver.receive(input, context, body!));
  const background = [
    new Sweeper(
      'lost flows',
      options.lostFlowsEveryMs ?? 10_000,
      async () => void (await failLostFlows(database)),
      logger,
    ),
    new Sweeper(
      'old uploads',
      options.oldUploadsEveryMs ?? 600_000,
      async () => void (await deleteOldUploads(database, uploads)),
      logger,
    ),
  ];
  return new Subgraph({ name: 'flow', graphql, commands, background }, logger);
}
