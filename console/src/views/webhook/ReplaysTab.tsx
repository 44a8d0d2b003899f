'use client';
import { useState, type FormEvent } from 'react';
import { ReplayWebhook } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { RelativeTime } from '../../parts/RelativeTime';
import { useMay } from '../../session/Permissions';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Field, Input } from '../../ui/Field';
import { Progress } from '../../ui/Progress';
import { textOf } from '../../ui/textOf';
import { exactly } from '../../words/format';
import { say } from '../../words/say';
import { refreshes, type WebhookFacts } from './WebhookFacts';

interface Span {
  readonly fromSequence: number;
  readonly toSequence: number | null;
}

/** Events sent again from a number on, beside what happens; and how far earlier replays are. */
export function ReplaysTab({ webhook }: { readonly webhook: WebhookFacts }) {
  const may = useMay('webhook.write');
  return (
    <div className="grid gap-4">
      {may && <ReplayForm webhook={webhook} />}
      {webhook.replays.length === 0 ? (
        <p className="text-sm text-faint">{say('Nothing was sent again yet.')}</p>
      ) : (
        <ul aria-label={say('Replays')} className="divide-y divide-line rounded-lg border border-line bg-surface">
          {webhook.replays.map((replay) => {
            const length = Math.max(1, replay.toSequence - replay.fromSequence + 1);
            const share = replay.finishedAt ? 1 : (replay.position - replay.fromSequence + 1) / length;
            const span = say('Numbers {from} to {to}', {
              from: exactly(replay.fromSequence),
              to: exactly(replay.toSequence),
            });
            return (
              <li key={replay.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3 text-sm">
                <span className="nums min-w-0 flex-1 basis-40">{span}</span>
                <span className="w-32">
                  <Progress value={share} label={span} />
                </span>
                <Badge tone={replay.finishedAt ? 'good' : 'busy'} pulse={!replay.finishedAt}>
                  {replay.finishedAt ? say('Done') : say('Goes on')}
                </Badge>
                <span className="text-xs text-faint">
                  <RelativeTime time={replay.finishedAt ?? replay.startedAt} />
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}

function ReplayForm({ webhook }: { readonly webhook: WebhookFacts }) {
  const [asked, setAsked] = useState<Span & { readonly events: number }>();
  const count = useAction(ReplayWebhook);
  const replay = useAction(ReplayWebhook, {
    refreshes,
    done: (data) => say('{events} events are sent again.', { events: exactly(data.replayWebhook?.events ?? 0) }),
    onDone: () => setAsked(undefined),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const to = textOf(form, 'to');
    const span: Span = { fromSequence: Number(textOf(form, 'from')), toSequence: to === '' ? null : Number(to) };
    count.mutate(
      { input: { id: webhook.id, ...span, dryRun: true } },
      { onSuccess: (data) => setAsked({ ...span, events: data.replayWebhook?.events ?? 0 }) },
    );
  };
  return (
    <form onSubmit={submit} className="grid gap-3 rounded-lg border border-line bg-surface p-4">
      <p className="text-sm text-soft">
        {say('Events are sent again under their first ids, beside those that happen meanwhile.')}
      </p>
      <div className="grid items-end gap-3 sm:grid-cols-3">
        <Field label={say('From number')}>
          {({ id }) => (
            <Input
              id={id}
              name="from"
              required
              type="number"
              min={1}
              defaultValue={Math.max(1, webhook.position - 9)}
              onChange={() => setAsked(undefined)}
            />
          )}
        </Field>
        <Field label={say('To number (empty: all)')}>
          {({ id }) => <Input id={id} name="to" type="number" min={1} onChange={() => setAsked(undefined)} />}
        </Field>
        {asked ? (
          <Button
            variant="primary"
            busy={replay.isPending}
            disabled={asked.events === 0}
            onClick={() =>
              replay.mutate({
                input: {
                  id: webhook.id,
                  fromSequence: asked.fromSequence,
                  toSequence: asked.toSequence,
                  dryRun: false,
                },
              })
            }
          >
            {asked.events === 0
              ? say('There is nothing to send')
              : say('Send {events} again', { events: exactly(asked.events) })}
          </Button>
        ) : (
          <Button type="submit" busy={count.isPending}>
            {say('How many are that?')}
          </Button>
        )}
      </div>
    </form>
  );
}
