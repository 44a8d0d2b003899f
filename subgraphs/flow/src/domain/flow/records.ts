// What the storage answers with, under the names by which graphql/ may have it.
export type { DiscoveryFlowRow } from '../../storage/DiscoveryFlowRow.js';
export type { FieldMappingRow } from '../../storage/FieldMappingRow.js';
export type { FlowPhaseRow } from '../../storage/FlowPhaseRow.js';
export type { FlowRow } from '../../storage/FlowRow.js';
export type { RejectedRowRecord } from '../../storage/RejectedRowRecord.js';
export type { SourceDefinitionRow } from '../../storage/SourceDefinitionRow.js';
