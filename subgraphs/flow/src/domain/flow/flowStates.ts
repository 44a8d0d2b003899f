import { endedFlowStatuses } from '@tributary/contracts/values';
import type { FlowStatus } from '@tributary/contracts/values';
import { CodedError } from '@tributary/contracts/errors';
import type { FlowRow } from '../../storage/FlowRow.js';

export type FlowAction = 'approve' | 'pause' | 'resume' | 'cancel' | 'retry' | 'report';

/** From which states each action leads on. Everything else is RESOURCE_CONFLICT. */
const allowed: Record<FlowAction, readonly FlowStatus[]> = {
  approve: ['AWAITING_APPROVAL'],
  pause: ['QUEUED', 'RUNNING'],
  resume: ['PAUSED'],
  cancel: ['QUEUED', 'RUNNING', 'AWAITING_APPROVAL', 'PAUSED'],
  retry: ['FAILED'],
  report: ['QUEUED', 'RUNNING', 'AWAITING_APPROVAL', 'PAUSED'],
};

function hasEnded(flow: { readonly status: FlowStatus }): boolean {
  return endedFlowStatuses.includes(flow.status);
}

/** Throws RESOURCE_CONFLICT with details { reason, status } unless the action is possible in the flow's state. */
export function assertPossible(action: FlowAction, flow: FlowRow): void {
  if (!allowed[action].includes(flow.status)) {
    const reason = hasEnded(flow) ? 'FLOW_ENDED' : `FLOW_${flow.status}`;
    throw new CodedError('RESOURCE_CONFLICT', refusal(action, flow.status), { reason, status: flow.status });
  }
  if (action === 'retry' && !flow.failureRetryable) {
    throw new CodedError(
      'RESOURCE_CONFLICT',
      `This flow failed with ${flow.failureCode ?? 'an error'}, which trying again cannot change. Mend the cause and start a new flow.`,
      { reason: 'NOT_RETRYABLE', status: flow.status },
    );
  }
}

function refusal(action: FlowAction, status: FlowStatus): string {
  const state = status.toLowerCase().replaceAll('_', ' ');
  switch (action) {
    case 'approve':
      return `The flow is ${state}: field mappings can be approved only while it waits for that.`;
    case 'pause':
      return `The flow is ${state}: only a queued or running flow can be paused.`;
    case 'resume':
      return `The flow is ${state}: only a paused flow can be resumed.`;
    case 'cancel':
      return `The flow is ${state}: it has ended already.`;
    case 'retry':
      return `The flow is ${state}: only a failed flow can be retried.`;
    case 'report':
      return `The flow is ${state}: it has ended and takes no more reports.`;
  }
}
