'use client';
import { RunningProgress } from '../graph/generated/operations';
import type { FlowUpdatesSubscription, RunningProgressSubscription } from '../graph/generated/types';
import { useFollow } from '../live/useFollow';

/** What an event says of a flow in a list. */
export type RunningState =
  | NonNullable<FlowUpdatesSubscription['flowUpdates']['flow']>
  | NonNullable<RunningProgressSubscription['flowProgress']['flow']>;

interface ProgressOfRunningProps {
  readonly flows: readonly { readonly id: string; readonly status: string }[];
  readonly onStates: (states: readonly RunningState[]) => void;
}

/** Of so many flows: a socket takes 50 operations, and a page has others. */
const mostFollowed = 10;

/** Follows the first running flows of a list within their phases, which the stream of all flows leaves out. Shows nothing. */
export function ProgressOfRunning({ flows, onStates }: ProgressOfRunningProps) {
  return flows
    .filter(({ status }) => status === 'RUNNING')
    .slice(0, mostFollowed)
    .map(({ id }) => <ProgressOfOne key={id} flowId={id} onStates={onStates} />);
}

function ProgressOfOne({ flowId, onStates }: { readonly flowId: string } & Pick<ProgressOfRunningProps, 'onStates'>) {
  useFollow(
    RunningProgress,
    { flowId },
    {
      fromNow: true,
      // The list's own stream says that it must be asked again.
      onReset: () => undefined,
      onEvents: (events: readonly RunningProgressSubscription['flowProgress'][]) =>
        onStates(events.flatMap(({ flow }) => flow ?? [])),
    },
  );
  return null;
}
