import type {
  ConnectOutcome,
  FoundAsset,
  FoundDependency,
  InventoryOutcome,
  SettleOutcome,
  Speaker,
} from '@tributary/contracts/commands';
import type { DependencyKind, DiscoveryCoverage } from '@tributary/contracts/values';
import type { DiscoveryFlowRow } from '../../../storage/DiscoveryFlowRow.js';
import type { DiscoveryCounts, NewMapping } from '../../../storage/discoveryStatements.js';
import type { ShownPhase } from '../../../storage/FlowPhaseRow.js';
import type { PhaseWrite } from '../../engine/PhaseRun.js';
import type { Cleanser } from '../cleanse/createCleanser.js';
import type { RememberedMapping } from '../mapping/suggestMappings.js';
import type { SourceProfile } from '../profile/SourceProfile.js';
import type { RejectedRow } from '../sourceRecord.js';
import type { Source } from '../source/openSource.js';

export type { DiscoveryCounts, NewMapping };

/** A source, and what its rows become by the mappings that were approved for it. */
export interface CleansedSource {
  readonly discovery: DiscoveryFlowRow;
  readonly profile: SourceProfile;
  readonly source: Source;
  readonly cleanser: Cleanser;
  readonly speaker: Speaker;
  /** Whether a column names another asset, or each row is an edge. */
  readonly namesDependencies: boolean;
}

/** What a source's rows can say, of whatever they are about. */
export interface SourceStatements {
  readonly speaker: Speaker;
  /** Kinds of dependencies that its columns name. */
  readonly kinds: readonly DependencyKind[];
  /** Whether it has rows that are dependencies themselves. */
  readonly rowsAreDependencies: boolean;
  /** Of what it knows. */
  readonly coverage: DiscoveryCoverage;
}

/** Reads what a flow was started with. */
export interface SourceTool {
  /**
   * `profile`: of the import, for later phases, which read by the same definitions. Throws PhaseFailure SOURCE_GONE when the upload is
   * no longer there.
   */
  open(discovery: DiscoveryFlowRow, profile?: SourceProfile): Promise<Source>;
  /** Ready to be read once, from its first record on. Throws SourceError NO_NAME_COLUMN when the mappings name nothing. */
  openCleansed(flowId: string, options?: { readonly findPersonalData?: boolean }): Promise<CleansedSource>;
}

/** Reads what earlier phases of a discovery have found out. */
export interface DiscoveryTool {
  read(flowId: string): Promise<DiscoveryFlowRow>;
  /** Of the import phase. */
  profile(flowId: string): Promise<SourceProfile>;
  phases(flowId: string): Promise<ShownPhase[]>;
  /** Without opening the source, which may be gone by then. */
  statements(flowId: string): Promise<SourceStatements>;
}

/** Writes of a discovery's own rows, for a phase to save with its progress. Writing the same again changes nothing. */
export interface NotesTool {
  /** Each as it stands, not what was added. They never go down. */
  counts(flowId: string, counts: DiscoveryCounts): PhaseWrite;
  profile(flowId: string, profile: SourceProfile): PhaseWrite;
  /** In place of all mappings of the flow. */
  mappings(flowId: string, mappings: readonly NewMapping[]): PhaseWrite;
  rejectedRows(flowId: string, rows: readonly RejectedRow[]): PhaseWrite;
  /** Lets go of a source that was handed over inside the mutation. */
  releaseSource(flowId: string): PhaseWrite;
}

/** What people of the workspace approved before. */
export interface MappingMemoryTool {
  recall(columns: readonly string[]): Promise<RememberedMapping[]>;
}

/** What of a source's statements is held against what it said before. */
export type SettledStatements = Omit<SourceStatements, 'speaker'>;

/** A part of what a flow found, and who says so. */
export interface ChunkOfFlow {
  readonly flowId: string;
  readonly chunk: number;
  readonly source: Speaker;
}

/** The asset subgraph's own service interface. All are safe to send again with the same chunk number. */
export interface InventoryTool {
  put(chunk: ChunkOfFlow, assets: FoundAsset[]): Promise<InventoryOutcome>;
  connect(chunk: ChunkOfFlow, dependencies: FoundDependency[]): Promise<ConnectOutcome>;
  /** To be called until `next` is null, with what it was. */
  settle(chunk: ChunkOfFlow, statements: SettledStatements, after: string | null): Promise<SettleOutcome>;
}

/** Everything that an agent of a discovery can ask for by name. All of it belongs to one workspace. */
export interface DiscoveryTools {
  readonly sources: SourceTool;
  readonly discoveries: DiscoveryTool;
  readonly notes: NotesTool;
  readonly mappingMemory: MappingMemoryTool;
  readonly inventory: InventoryTool;
}
