/** Values of the public graph's enums of a flow, in the contract's order. */
export const flowStatuses = [
  'QUEUED',
  'RUNNING',
  'AWAITING_APPROVAL',
  'PAUSED',
  'SUCCEEDED',
  'FAILED',
  'CANCELLED',
] as const;
export type FlowStatus = (typeof flowStatuses)[number];

/** A flow with one of these stands at its end. `retryFlow` can start a failed one again. */
export const endedFlowStatuses: readonly FlowStatus[] = ['SUCCEEDED', 'FAILED', 'CANCELLED'];

export const flowPhaseStatuses = ['PENDING', 'RUNNING', 'AWAITING_APPROVAL', 'SUCCEEDED', 'FAILED', 'SKIPPED'] as const;
export type FlowPhaseStatus = (typeof flowPhaseStatuses)[number];

export const sourceFormats = ['CSV', 'JSON', 'AUTO', 'YAML', 'XML', 'XLSX'] as const;
export type SourceFormat = (typeof sourceFormats)[number];

export const mappingStatuses = ['SUGGESTED', 'APPROVED', 'REJECTED'] as const;
export type MappingStatus = (typeof mappingStatuses)[number];

/** How much a source says of what it knows: some of it, or all. */
export const discoveryCoverages = ['PARTIAL', 'COMPLETE'] as const;
export type DiscoveryCoverage = (typeof discoveryCoverages)[number];
