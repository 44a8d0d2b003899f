// What the storage answers with, under the names by which graphql/ may have it.
export type { DiscoveryFlowRow } from '../../storage/DiscoveryFlowRow.js';
export type { ShownMapping } from '../../storage/FieldMappingRow.js';
export type { ShownPhase } from '../../storage/FlowPhaseRow.js';
export type { ShownFlow } from '../../storage/FlowRow.js';
export type { FlowFacetRecord } from '../../storage/flowListStatements.js';
export type { RejectedRowRecord } from '../../storage/RejectedRowRecord.js';
export type { SourceDefinitionRow } from '../../storage/SourceDefinitionRow.js';
