'use client';
import { useState, type FormEvent } from 'react';
import { CreateSilence } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Checkbox, Choice, Field, Input, Select } from '../../ui/Field';
import { textOf } from '../../ui/textOf';
import { label } from '../../words/format';
import { say } from '../../words/say';

const hour = 3_600;
const lengths = { '1h': hour, '4h': 4 * hour, '1d': 24 * hour, '7d': 168 * hour } as const;
type Length = keyof typeof lengths;
const lengthNames = { '1h': 'an hour', '4h': '4 hours', '1d': 'a day', '7d': '7 days' } as const;
const recurrences = { once: 'once', 'FREQ=DAILY': 'every day', 'FREQ=WEEKLY': 'every week' } as const;
type Recurrence = keyof typeof recurrences;
/** What recurs does so for a year, unless somebody ends it. */
const seriesMs = 365 * 86_400_000;

interface SilenceDialogProps {
  readonly ruleNames: ReadonlyMap<string, string>;
  readonly onClose: () => void;
}

/** Which alerts are quiet, why, from when and how long, once or again and again. */
export function SilenceDialog({ ruleNames, onClose }: SilenceDialogProps) {
  const [length, setLength] = useState<Length>('1h');
  const [recurrence, setRecurrence] = useState<Recurrence>('once');
  const create = useAction(CreateSilence, {
    refreshes: ['AlertSilences'],
    done: (data) =>
      say('Silenced; {matches} open alerts are quiet now.', { matches: data.createAlertSilence?.matches ?? 0 }),
    onDone: onClose,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [ruleId, severity, begin] = [textOf(form, 'rule'), textOf(form, 'severity'), textOf(form, 'begin')];
    const startsAt = begin === '' ? null : new Date(begin);
    const from = startsAt?.getTime() ?? Date.now();
    const lengthMs = lengths[length] * 1_000;
    create.mutate({
      input: {
        comment: textOf(form, 'comment'),
        kind: form.get('planned') === 'on' ? 'MAINTENANCE' : 'SILENCE',
        matchers: [
          ...(ruleId ? [{ label: 'ruleId', values: [ruleId] }] : []),
          ...(severity ? [{ label: 'severity', values: [severity] }] : []),
        ],
        startsAt: startsAt?.toISOString() ?? null,
        ...(recurrence === 'once'
          ? { endsAt: new Date(from + lengthMs).toISOString() }
          : {
              endsAt: new Date(from + seriesMs).toISOString(),
              rrule: recurrence,
              durationSeconds: lengths[length],
              timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
            }),
      },
    });
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('New silence')}
      description={say('Nobody is told of these alerts meanwhile. They fire and end all the same.')}
    >
      <form onSubmit={submit} className="grid gap-3">
        <Field label={say('What it is for')}>
          {({ id }) => <Input id={id} name="comment" required maxLength={2000} autoFocus />}
        </Field>
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={say('Alerts of the rule')}>
            {({ id }) => (
              <Select id={id} name="rule" defaultValue="">
                <option value="">{say('any')}</option>
                {[...ruleNames].map(([ruleId, name]) => (
                  <option key={ruleId} value={ruleId}>
                    {name}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={say('Severity')}>
            {({ id }) => (
              <Select id={id} name="severity" defaultValue="">
                <option value="">{say('any severity')}</option>
                {['INFO', 'WARNING', 'CRITICAL'].map((severity) => (
                  <option key={severity} value={severity}>
                    {label(severity)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={say('From')} hint={say('Empty: now.')}>
            {({ id, describedBy }) => (
              <Input id={id} name="begin" type="datetime-local" aria-describedby={describedBy} />
            )}
          </Field>
          <Field label={say('For how long')}>
            {({ id }) => (
              <Choice
                id={id}
                value={length}
                names={Object.keys(lengths) as Length[]}
                wordOf={(name) => say(lengthNames[name])}
                onChoose={setLength}
              />
            )}
          </Field>
          <Field label={say('How often')} hint={say('By the clock of this browser, for a year.')}>
            {({ id, describedBy }) => (
              <Choice
                id={id}
                aria-describedby={describedBy}
                value={recurrence}
                names={Object.keys(recurrences) as Recurrence[]}
                wordOf={(name) => say(recurrences[name])}
                onChoose={setRecurrence}
              />
            )}
          </Field>
        </div>
        <Checkbox name="planned" label={say('Planned work: alerts are expected')} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{say('Cancel')}</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            {say('Silence')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
