'use client';
import { useState } from 'react';
import { CancelFlow, PauseFlow, ResumeFlow, RetryFlow } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import type { FlowFacts } from './patchFlow';
import { say } from '../../words/say';

/** What can be done with the flow as it stands, by whoever may. */
export function FlowActions({ flow }: { readonly flow: FlowFacts }) {
  const may = useMay('flow.control');
  const refreshes = ['Flow', 'Flows', 'Home'];
  const pause = useAction(PauseFlow, { refreshes, done: say('It pauses at the next safe place.') });
  const resume = useAction(ResumeFlow, { refreshes, done: say('It goes on.') });
  const retry = useAction(RetryFlow, { refreshes, done: say('It is tried again.') });
  const cancel = useAction(CancelFlow, { refreshes, done: say('It is cancelled.'), onDone: () => setAsks(false) });
  const [asks, setAsks] = useState(false);
  if (!may) return null;
  const input = { input: { flowId: flow.id } };
  const { status } = flow;
  return (
    <>
      {status === 'RUNNING' && (
        <Button icon="pause" busy={pause.isPending} onClick={() => pause.mutate(input)}>
          {say('Pause')}
        </Button>
      )}
      {status === 'PAUSED' && (
        <Button icon="play" variant="primary" busy={resume.isPending} onClick={() => resume.mutate(input)}>
          {say('Resume')}
        </Button>
      )}
      {status === 'FAILED' && flow.failure?.retryable && (
        <Button icon="rotateCw" variant="primary" busy={retry.isPending} onClick={() => retry.mutate(input)}>
          {say('Try again')}
        </Button>
      )}
      {['QUEUED', 'RUNNING', 'PAUSED', 'AWAITING_APPROVAL'].includes(status) && (
        <Button icon="ban" variant="danger" onClick={() => setAsks(true)}>
          {say('Cancel')}
        </Button>
      )}
      <Dialog
        open={asks}
        onClose={() => setAsks(false)}
        title={say('Cancel “{name}”?', { name: flow.name })}
        description={say('It stops for good. What it has written into the inventory stays.')}
      >
        <div className="flex justify-end gap-2">
          <Button onClick={() => setAsks(false)}>{say('Let it run')}</Button>
          <Button variant="danger" busy={cancel.isPending} onClick={() => cancel.mutate(input)}>
            {say('Cancel the flow')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
