import { Field, ObjectType } from 'type-graphql';
import type { ClassType } from 'type-graphql';
import type { GraphqlContext } from '@tributary/server';
import type { ShownFlow } from '../domain/flow/records.js';
import { Flow, toFlow } from './Flow.js';

export interface FlowPayload {
  flow: Flow;
}

/** Each mutation has a payload type of its own, though all of them hold a flow. */
function payloadType(name: string): ClassType<FlowPayload> {
  @ObjectType(name, { description: 'What the mutation did.' })
  class Payload {
    @Field(() => Flow, { description: 'The flow after it.' })
    flow!: Flow;
  }
  return Payload;
}

export const StartDiscoveryPayload = payloadType('StartDiscoveryPayload');
export const ApproveFieldMappingsPayload = payloadType('ApproveFieldMappingsPayload');
export const PauseFlowPayload = payloadType('PauseFlowPayload');
export const ResumeFlowPayload = payloadType('ResumeFlowPayload');
export const CancelFlowPayload = payloadType('CancelFlowPayload');
export const RetryFlowPayload = payloadType('RetryFlowPayload');
export const CreateFlowPayload = payloadType('CreateFlowPayload');
export const ReportFlowProgressPayload = payloadType('ReportFlowProgressPayload');

export function toPayload(record: ShownFlow, context: GraphqlContext): FlowPayload {
  return { flow: toFlow(record, context) };
}
