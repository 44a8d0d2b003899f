'use client';
import { useState } from 'react';
import { DeleteWebhook, PauseWebhook, ResumeWebhook, TestWebhook } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { OutcomeBadge } from '../../parts/deliveryBadges';
import { whyNoAnswer } from '../../parts/whyNoAnswer';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { duration } from '../../words/format';
import { say } from '../../words/say';
import { RollSecret } from './RollSecret';
import { refreshes, type WebhookFacts } from './WebhookFacts';

/** What may be done with a webhook: test, stop, go on, another secret, delete. */
export function WebhookActions({ webhook }: { readonly webhook: WebhookFacts }) {
  const may = useMay('webhook.write');
  const go = useGo();
  const [opens, setOpens] = useState<'roll' | 'delete' | 'resume' | null>(null);
  const close = () => setOpens(null);
  const test = useAction(TestWebhook, { refreshes, onRefused: () => true });
  const pause = useAction(PauseWebhook, { refreshes, done: say('Nothing is sent until somebody resumes it.') });
  const resume = useAction(ResumeWebhook, {
    refreshes,
    done: say('It goes on, and belongs to you from now on.'),
    onDone: close,
  });
  const remove = useAction(DeleteWebhook, {
    refreshes: ['Webhooks'],
    done: say('The webhook is gone.'),
    onDone: () => go('webhooks'),
  });
  if (!may) return null;
  const input = { id: webhook.id };
  const isStopped = webhook.status === 'PAUSED' || webhook.status === 'DISABLED';
  const attempt = test.data?.testWebhook?.attempt;
  const answer = attempt && [attempt.statusCode, attempt.answer].filter((part) => part !== null).join(' ');
  return (
    <>
      <Button icon="send" busy={test.isPending} onClick={() => test.mutate({ input })}>
        {say('Test')}
      </Button>
      {isStopped ? (
        <Button icon="play" onClick={() => setOpens('resume')}>
          {say('Resume')}
        </Button>
      ) : (
        <Button icon="pause" busy={pause.isPending} onClick={() => pause.mutate({ input })}>
          {say('Pause')}
        </Button>
      )}
      <Button icon="refreshCw" onClick={() => setOpens('roll')}>
        {say('Roll the secret')}
      </Button>
      <Button variant="danger" icon="trash2" onClick={() => setOpens('delete')}>
        {say('Delete')}
      </Button>
      <div role="status" className="basis-full text-right text-sm empty:hidden">
        {attempt && (
          <span className="inline-flex flex-wrap items-center gap-2">
            <OutcomeBadge outcome={attempt.outcome} />
            <span className="break-words text-soft">{answer || say('It said nothing.')}</span>
            <span className="nums text-xs text-faint">{duration(attempt.durationMs)}</span>
          </span>
        )}
        {test.error && <span className="text-bad">{whyNoAnswer(test.error)}</span>}
      </div>
      {opens === 'roll' && <RollSecret id={webhook.id} onClose={close} />}
      <Dialog
        open={opens === 'resume'}
        onClose={close}
        title={say('Resume “{name}”?', { name: webhook.name })}
        description={say('It reads with your rights from then on.')}
      >
        <div className="flex flex-wrap justify-end gap-2">
          <Button busy={resume.isPending} onClick={() => resume.mutate({ input: { ...input, from: 'NOW' } })}>
            {say('Skip what happened meanwhile')}
          </Button>
          <Button
            variant="primary"
            busy={resume.isPending}
            onClick={() => resume.mutate({ input: { ...input, from: 'POSITION' } })}
          >
            {say('Go on where it stood')}
          </Button>
        </div>
      </Dialog>
      <Dialog
        open={opens === 'delete'}
        onClose={close}
        title={say('Delete “{name}”?', { name: webhook.name })}
        description={say('Its attempts and dead letters go with it.')}
      >
        <div className="flex justify-end gap-2">
          <Button onClick={close}>{say('Keep it')}</Button>
          <Button variant="danger" busy={remove.isPending} onClick={() => remove.mutate({ input })}>
            {say('Delete for good')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}
