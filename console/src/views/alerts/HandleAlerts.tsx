'use client';
import { useState, type FormEvent } from 'react';
import { AcknowledgeAlerts, ResolveAlerts } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useViewer } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Checkbox, Choice, Field, Textarea } from '../../ui/Field';
import { tellRefused } from '../../ui/tell';
import { textOf } from '../../ui/textOf';
import type { AlertRow } from './alertColumns';
import { OwnerChoice } from './OwnerChoice';
import { say } from '../../words/say';

export type Handling = 'acknowledge' | 'takeOver' | 'resolve';

interface HandleAlertsProps {
  readonly how: Handling;
  readonly alerts: readonly Pick<AlertRow, 'id' | 'title'>[];
  readonly onClose: () => void;
}

interface Handled {
  readonly alerts: readonly unknown[];
  readonly refused: readonly { readonly message: string }[];
}

const verbs = { acknowledge: 'Acknowledge', takeOver: 'Take over', resolve: 'Resolve' } as const;
const meanings = {
  acknowledge: 'Others see that you are at it.',
  takeOver: 'Whoever has it now is told by its history.',
  resolve: 'It fires again once its cause was over and comes back.',
} as const;

const hour = 3_600_000;
const spans = { end: null, '1h': hour, '4h': 4 * hour, '1d': 24 * hour, '7d': 168 * hour } as const;
type Span = keyof typeof spans;
const spanNames = {
  end: 'until it ends',
  '1h': 'for an hour',
  '4h': 'for 4 hours',
  '1d': 'for a day',
  '7d': 'for 7 days',
} as const;

/** Takes alerts up, or says that they are over, one or many in one request, with a word for colleagues. */
export function HandleAlerts({ how, alerts, onClose }: HandleAlertsProps) {
  const { userId } = useViewer();
  const [ownerId, setOwnerId] = useState(userId ?? '');
  const [span, setSpan] = useState<Span>('end');
  const [again, setAgain] = useState(false);
  const refreshes = ['Alerts', 'Alert', 'AlertFacets'];
  const ended = ({ alerts: done, refused }: Handled) => {
    if (refused[0]) tellRefused(`${refused.length} of ${done.length + refused.length}: ${refused[0].message}`);
    onClose();
  };
  const acknowledge = useAction(AcknowledgeAlerts, {
    refreshes,
    done: (data) => say('{alerts} acknowledged.', { alerts: data.acknowledgeAlerts?.alerts.length ?? 0 }),
    onDone: (data) => ended(data.acknowledgeAlerts ?? { alerts: [], refused: [] }),
  });
  const resolve = useAction(ResolveAlerts, {
    refreshes,
    done: (data) => say('{alerts} resolved.', { alerts: data.resolveAlerts?.alerts.length ?? 0 }),
    onDone: (data) => ended(data.resolveAlerts ?? { alerts: [], refused: [] }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const ids = alerts.map(({ id }) => id);
    const comment = textOf(new FormData(event.currentTarget), 'comment') || null;
    if (how === 'resolve') {
      resolve.mutate({ input: { ids, comment, refire: again ? 'IMMEDIATELY' : 'WHEN_CLEARED' } });
      return;
    }
    const length = spans[span];
    acknowledge.mutate({
      input: {
        ids,
        comment,
        takeOver: how === 'takeOver',
        ownerId: ownerId || null,
        until: length === null ? null : new Date(Date.now() + length).toISOString(),
      },
    });
  };
  const verb = say(verbs[how]);
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        alerts.length === 1
          ? `${verb} “${alerts[0]?.title}”`
          : say('{verb} {alerts} alerts', { verb, alerts: alerts.length })
      }
      description={say(meanings[how])}
    >
      <form onSubmit={submit} className="grid gap-3">
        {how !== 'resolve' && (
          <div className="grid gap-3 sm:grid-cols-2">
            <OwnerChoice label={say('Who works on it')} value={ownerId} onChoose={setOwnerId} />
            <Field label={say('For how long')} hint={say('Then it is given back.')}>
              {({ id, describedBy }) => (
                <Choice
                  id={id}
                  aria-describedby={describedBy}
                  value={span}
                  names={Object.keys(spans) as Span[]}
                  wordOf={(name) => say(spanNames[name])}
                  onChoose={setSpan}
                />
              )}
            </Field>
          </div>
        )}
        <Field label={say('Comment')} hint={say('Others see it. It may stay empty.')}>
          {({ id, describedBy }) => (
            <Textarea id={id} name="comment" rows={3} maxLength={2000} aria-describedby={describedBy} autoFocus />
          )}
        </Field>
        {how === 'resolve' && (
          <Checkbox
            label={say('Let it fire again at once if its condition still holds')}
            checked={again}
            onChange={(event) => setAgain(event.target.checked)}
          />
        )}
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{say('Cancel')}</Button>
          <Button type="submit" variant="primary" busy={acknowledge.isPending || resolve.isPending}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
