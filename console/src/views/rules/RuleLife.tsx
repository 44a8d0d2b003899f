'use client';
import { useState } from 'react';
import { Choice, Field, Input } from '../../ui/Field';
import { duration } from '../../words/format';
import type { RuleForm } from './ruleForm';
import { type PlainText, say } from '../../words/say';

const lengths = ['0', '60', '300', '900', '1800', '3600', '21600', '86400'];
const policies: Readonly<Record<RuleForm['noData'], PlainText>> = {
  HOLD: 'its alert stays as it is',
  ALERT: 'and missing data have an alert',
  FIRE: 'count as if it were met',
  RESOLVE: 'its alert ends',
};

interface RuleLifeProps {
  readonly form: RuleForm;
  readonly onChange: (next: Partial<RuleForm>) => void;
}

/** When an alert of the rule begins and ends, and what to do then: for those who want it finer. */
export function RuleLife({ form, onChange }: RuleLifeProps) {
  const [opened] = useState(() => isFine(form));
  return (
    <details className="rounded-lg border border-line px-3 py-2" open={opened}>
      <summary className="cursor-pointer text-sm font-medium">{say('When it begins and ends')}</summary>
      <div className="mt-3 grid gap-3 sm:grid-cols-3">
        <Field label={say('Must hold for')}>
          {({ id }) => (
            <Choice
              id={id}
              value={form.forSeconds}
              names={withOwn(form.forSeconds)}
              wordOf={(seconds) => (seconds === '0' ? say('no time') : duration(Number(seconds) * 1_000))}
              onChoose={(forSeconds) => onChange({ forSeconds })}
            />
          )}
        </Field>
        <Field label={say('Must be over for')}>
          {({ id }) => (
            <Choice
              id={id}
              value={form.keepFiringSeconds}
              names={withOwn(form.keepFiringSeconds)}
              wordOf={(seconds) => (seconds === '0' ? say('no time') : duration(Number(seconds) * 1_000))}
              onChoose={(keepFiringSeconds) => onChange({ keepFiringSeconds })}
            />
          )}
        </Field>
        <Field label={say('Is over behind')} hint={say('Empty: behind the threshold.')}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              aria-describedby={describedBy}
              inputMode="decimal"
              value={form.recovery}
              onChange={(event) => onChange({ recovery: event.target.value })}
            />
          )}
        </Field>
        <Field label={say('When data stop')}>
          {({ id }) => (
            <Choice
              id={id}
              value={form.noData}
              names={Object.keys(policies) as RuleForm['noData'][]}
              wordOf={(policy) => say(policies[policy])}
              onChoose={(noData) => onChange({ noData })}
            />
          )}
        </Field>
        <div className="sm:col-span-2">
          <Field label={say('Where it says what to do')} hint={say('An address. Its alerts lead there.')}>
            {({ id, describedBy }) => (
              <Input
                id={id}
                type="url"
                aria-describedby={describedBy}
                placeholder="https://wiki.example/runbooks/errors"
                value={form.runbookUrl}
                onChange={(event) => onChange({ runbookUrl: event.target.value })}
              />
            )}
          </Field>
        </div>
      </div>
    </details>
  );
}

/** A length that somebody set elsewhere stays one of those to choose from. */
function withOwn(seconds: string): string[] {
  return lengths.includes(seconds) ? lengths : [...lengths, seconds];
}

/** What is set stands open from the start. */
function isFine(form: RuleForm): boolean {
  return form.forSeconds !== '0' || form.keepFiringSeconds !== '0' || form.recovery !== '' || form.runbookUrl !== '';
}
