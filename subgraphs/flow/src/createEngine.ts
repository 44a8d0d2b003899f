import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { AgentPools } from './domain/engine/AgentPools.js';
import { FlowRegistry } from './domain/engine/FlowRegistry.js';
import { AgentRegistry } from './domain/engine/AgentRegistry.js';
import { PhaseRunner } from './domain/engine/PhaseRunner.js';
import { DiscoveryFlow, discoveryKind } from './domain/discovery/DiscoveryFlow.js';
import { createTools } from './domain/discovery/tools/createTools.js';
import type { DiscoveryTools } from './domain/discovery/tools/DiscoveryTools.js';
import type { UploadStore } from './storage/uploads/UploadStore.js';

/** The flows that our own workers run. */
export function createFlowRegistry(): FlowRegistry {
  return new FlowRegistry().register(discoveryKind, new DiscoveryFlow());
}

export interface EngineParts {
  readonly database: Database;
  readonly commands: CommandClient;
  readonly uploads: UploadStore;
  readonly logger: Logger;
  readonly retryWaitsMs?: readonly number[];
}

/** What runs phases: the flow classes, and the agents that it finds in their folder. */
export async function createEngine(parts: EngineParts): Promise<PhaseRunner> {
  const agents = new AgentPools<DiscoveryTools>({
    agents: await AgentRegistry.load<DiscoveryTools>(new URL('domain/discovery/agents/', import.meta.url)),
    commands: parts.commands,
    logger: parts.logger,
    createTools: (workspaceId) => createTools(parts, workspaceId),
  });
  return new PhaseRunner({ ...parts, flows: createFlowRegistry(), agents });
}
