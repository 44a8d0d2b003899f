// What the storage answers with, under the names by which graphql/ may have it.
export type { DiscoveryFlowRecord } from '../../storage/DiscoveryFlowRecord.js';
export type { FieldMappingRecord } from '../../storage/FieldMappingRecord.js';
export type { FlowPhaseRecord } from '../../storage/FlowPhaseRecord.js';
export type { FlowRecord } from '../../storage/FlowRecord.js';
export type { RejectedRowRecord } from '../../storage/RejectedRowRecord.js';
