'use client';
import { useState } from 'react';
import { WebhookTrial as Trial } from '../../graph/generated/operations';
import type { WebhookInput } from '../../graph/generated/types';
import { sentenceOf } from '../../graph/sentenceOf';
import { useGraph } from '../../graph/useGraph';
import { Button } from '../../ui/Button';
import { count, exactly } from '../../words/format';
import { say } from '../../words/say';

/** An address for a trial before one is typed: nothing is sent to it. */
const anywhere = 'https://receiver.example.com/';

interface WebhookTrialProps {
  readonly inputOf: (form: FormData) => WebhookInput;
}

/** The requests that the last events would have made. Nothing is sent. */
export function WebhookTrial({ inputOf }: WebhookTrialProps) {
  const [input, setInput] = useState<WebhookInput | null>(null);
  const query = useGraph(Trial, { input: input! }, { enabled: input !== null, refetchInterval: false });
  const preview = query.data?.previewWebhook;
  const look = (form: HTMLFormElement | null) => {
    if (!form) return;
    const given = inputOf(new FormData(form));
    setInput({ ...given, name: given.name || say('Preview'), url: given.url || anywhere });
  };
  return (
    <div className="grid gap-2">
      <div>
        <Button size="small" busy={query.isFetching} onClick={(event) => look(event.currentTarget.form)}>
          {say('What would it have sent?')}
        </Button>
      </div>
      <div role="status" className="grid gap-2 text-sm">
        {query.error && <p className="text-bad">{sentenceOf(query.error)}</p>}
        {preview?.requests.length === 0 && <p>{say('None of the last events passes its filter.')}</p>}
        {preview && preview.requests.length > 0 && (
          <p className="text-xs text-faint">
            {say('{stream}, an event costs {cost}', { stream: preview.stream, cost: count(preview.cost) })}
          </p>
        )}
        {preview?.requests.map(({ sequence, body }) => (
          <pre
            key={sequence}
            tabIndex={0}
            aria-label={say('Request with number {number}', { number: exactly(sequence) })}
            className="max-h-40 overflow-auto rounded-md bg-sunken p-3 font-mono text-xs whitespace-pre-wrap"
          >
            {body}
          </pre>
        ))}
      </div>
    </div>
  );
}
