import type { FoundAsset, FoundDependency, ConnectOutcome, InventoryOutcome } from '@tributary/commands';
import type { MappingDecision } from '../mapping/checkMappings.js';
import type { RememberedMapping } from '../mapping/suggestMappings.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import type { Source } from '../source/openSource.js';
import type { DiscoveryFlowRecord } from '../../../storage/DiscoveryFlowRecord.js';
import type { FlowPhaseRecord } from '../../../storage/FlowPhaseRecord.js';

/** Reads what a flow was started with. */
export interface SourceTool {
  /** Throws PhaseFailure SOURCE_GONE when the upload is no longer there. */
  open(discovery: DiscoveryFlowRecord): Promise<Source>;
}

/** Reads what earlier phases of a discovery have found out. */
export interface DiscoveryTool {
  read(flowId: string): Promise<DiscoveryFlowRecord>;
  /** Of the import phase. */
  profile(flowId: string): Promise<SourceProfile>;
  /** What becomes of each column; rejected suggestions map to nothing. */
  mappings(flowId: string): Promise<MappingDecision[]>;
  phases(flowId: string): Promise<FlowPhaseRecord[]>;
}

/** What people of the workspace approved before. */
export interface MappingMemoryTool {
  recall(columns: readonly string[]): Promise<RememberedMapping[]>;
}

/** The asset subgraph's own service interface. Both are safe to send again with the same chunk number. */
export interface InventoryTool {
  put(flowId: string, chunk: number, assets: FoundAsset[]): Promise<InventoryOutcome>;
  connect(flowId: string, chunk: number, dependencies: FoundDependency[]): Promise<ConnectOutcome>;
}

/** Everything that an agent can ask for by name. All of it belongs to one workspace. */
export interface AgentTools {
  readonly sources: SourceTool;
  readonly discoveries: DiscoveryTool;
  readonly mappingMemory: MappingMemoryTool;
  readonly inventory: InventoryTool;
}

export type ToolName = keyof AgentTools;
