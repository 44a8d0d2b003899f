import { appendEvents } from '@tributary/events';
import { flowStream } from '@tributary/contracts/events';
import type { FlowEventPayload, FlowEventType, FlowFailureFacts } from '@tributary/contracts/events';
import type { FlowStatus } from '@tributary/contracts/values';
import type { WorkspaceTransaction } from '@tributary/data';
import type { FlowRow } from '../../storage/FlowRow.js';

export interface FlowEventFacts {
  readonly type: FlowEventType;
  /** Default: the flow's current phase. */
  readonly phase?: string | null;
  readonly message?: string | null;
  readonly data?: Readonly<Record<string, unknown>>;
}

const endings: ReadonlySet<FlowEventType> = new Set(['flow.finished', 'flow.failed', 'flow.cancelled']);

/**
 * Writes events to the flow's own stream and, but for progress within a phase, to the stream of all flows of the workspace. `flow` is
 * the row as it is once the transaction commits: an event says how things stood when it happened. Where the flow ends, what stands in
 * front of the event that says so (the phase that ended with it) bears `statusBefore`: who watches stops at a status that has ended, and
 * would miss the rest.
 */
export function recordFlowEvents(
  transaction: WorkspaceTransaction,
  flow: FlowRow,
  events: readonly FlowEventFacts[],
  statusBefore: FlowStatus = 'RUNNING',
): void {
  const ending = events.findIndex(({ type }) => endings.has(type));
  const written = events.map((facts, index) => {
    const status = index < ending ? statusBefore : flow.status;
    return { type: facts.type, payload: payloadOf(flow, facts, status) };
  });
  appendEvents(transaction, flowStream(flow.id), written);
  appendEvents(
    transaction,
    'flows',
    written.filter((event) => event.type !== 'phase.progressed'),
  );
}

function payloadOf(flow: FlowRow, facts: FlowEventFacts, status: FlowStatus): FlowEventPayload {
  const failing = facts.type === 'flow.failed' || facts.type === 'phase.failed';
  return {
    flowId: flow.id,
    kind: flow.kind,
    name: flow.name,
    status,
    phase: facts.phase === undefined ? flow.currentPhase : facts.phase,
    progress: flow.progress,
    message: facts.message ?? null,
    data: { ...facts.data },
    ...(failing ? { failure: failureOf(flow) } : {}),
  };
}

/** Why the flow failed; null while it has not. */
function failureOf(flow: FlowRow): FlowFailureFacts | null {
  if (flow.failureCode === null) return null;
  return {
    code: flow.failureCode,
    message: flow.failureMessage ?? '',
    phase: flow.failurePhase,
    retryable: flow.failureRetryable ?? false,
  };
}
