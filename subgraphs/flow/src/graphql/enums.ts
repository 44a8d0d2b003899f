import {
  discoveryCoverages,
  enumOf,
  flowPhaseStatuses,
  flowStatuses,
  mappingStatuses,
  sourceFormats,
} from '@tributary/contracts/values';
import { registerEnumType } from 'type-graphql';
import { flowOrders } from '../domain/flow/flowOrders.js';

export const FlowStatus = enumOf(flowStatuses);
export type FlowStatus = keyof typeof FlowStatus;

registerEnumType(FlowStatus, {
  name: 'FlowStatus',
  description: 'Where a flow stands.',
  valuesConfig: {
    QUEUED: { description: 'Nobody has begun with it.' },
    RUNNING: { description: 'A phase is under way, or about to be.' },
    AWAITING_APPROVAL: { description: 'A person has to look first.' },
    PAUSED: { description: 'Stopped by a person; resumeFlow goes on where it stands.' },
    SUCCEEDED: { description: 'Every phase is done.' },
    FAILED: { description: 'A phase failed; `failure` says why and whether retryFlow can help.' },
    CANCELLED: { description: 'Ended by a person for good.' },
  },
});

export const FlowPhaseStatus = enumOf(flowPhaseStatuses);
export type FlowPhaseStatus = keyof typeof FlowPhaseStatus;

registerEnumType(FlowPhaseStatus, {
  name: 'FlowPhaseStatus',
  description: 'Where a phase stands.',
  valuesConfig: {
    PENDING: { description: 'Its turn has not come.' },
    RUNNING: { description: 'It is being worked on, or waits for a worker.' },
    AWAITING_APPROVAL: { description: 'It waits for a person to approve.' },
    SUCCEEDED: { description: 'It is done.' },
    FAILED: { description: 'It could not be done, and the flow has failed with it.' },
    SKIPPED: { description: 'There was nothing to do in it, or the flow was cancelled before it was done.' },
  },
});

export const DiscoveryCoverage = enumOf(discoveryCoverages);
export type DiscoveryCoverage = keyof typeof DiscoveryCoverage;

registerEnumType(DiscoveryCoverage, {
  name: 'DiscoveryCoverage',
  description: 'How much a source says of what it knows.',
  valuesConfig: {
    PARTIAL: { description: 'Some of it, such as a filtered export: what it does not show may still be there.' },
    COMPLETE: { description: 'All of it: what the same source showed before and does not show now is missing.' },
  },
});

export const SourceFormat = enumOf(sourceFormats);
export type SourceFormat = keyof typeof SourceFormat;

registerEnumType(SourceFormat, {
  name: 'SourceFormat',
  description: 'How a source is written.',
  valuesConfig: {
    CSV: { description: 'A header line, then a row a line; any common delimiter, quoting and encoding.' },
    JSON: { description: 'An array of objects, an object a line, or a document that holds such a list.' },
    AUTO: {
      description:
        'To be found out from the source itself. What was found stands in its place once the import has ended.',
    },
    YAML: { description: 'One document or several.' },
    XML: { description: 'Elements that repeat are records; attributes and elements are their fields.' },
    XLSX: { description: 'A workbook, from an upload only: each visible sheet is a table.' },
  },
});

export const MappingStatus = enumOf(mappingStatuses);
export type MappingStatus = keyof typeof MappingStatus;

registerEnumType(MappingStatus, {
  name: 'MappingStatus',
  description: 'What a person said to a suggested mapping.',
  valuesConfig: {
    APPROVED: { description: 'A person agreed; the field is used.' },
    REJECTED: { description: 'A person disagreed; the field is left out.' },
    SUGGESTED: { description: 'Nobody has looked at it; it is used as it is when the flow needs no approval.' },
  },
});

export const FlowOrder = enumOf(flowOrders);
export type FlowOrder = keyof typeof FlowOrder;

registerEnumType(FlowOrder, {
  name: 'FlowOrder',
  description: 'Order of a list of flows. Flows of one place are in the order of their ids, so pages never overlap.',
  valuesConfig: {
    CREATED_DESC: { description: 'Newest first.' },
    CREATED_ASC: { description: 'Oldest first.' },
    NAME_ASC: { description: 'By name, letter case aside, A first.' },
    NAME_DESC: { description: 'By name, letter case aside, Z first.' },
  },
});
