'use client';
import { useRef, useState, type FormEvent } from 'react';
import { ChangePassword } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { secretOf } from '../../ui/textOf';
import { Field, Input } from '../../ui/Field';
import { say } from '../../words/say';

export function PasswordCard() {
  const form = useRef<HTMLFormElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const change = useAction(ChangePassword, {
    refreshes: ['Sessions'],
    done: say('The password is changed; you are signed out everywhere else.'),
    onDone: () => form.current?.reset(),
    onRefused: (refusal) => {
      setProblem(refusal.message);
      return true;
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    setProblem(null);
    change.mutate({ input: { current: secretOf(entered, 'current'), next: secretOf(entered, 'next') } });
  };
  return (
    <Card title={say('Password')}>
      <form ref={form} onSubmit={submit} className="grid gap-3">
        <Field label={say('Current password')} problem={problem}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              name="current"
              type="password"
              autoComplete="current-password"
              required
              aria-describedby={describedBy}
            />
          )}
        </Field>
        <Field label={say('New password')} hint={say('10 characters or more. It signs you out everywhere else.')}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              name="next"
              type="password"
              autoComplete="new-password"
              minLength={10}
              maxLength={256}
              required
              aria-describedby={describedBy}
            />
          )}
        </Field>
        <div>
          <Button type="submit" busy={change.isPending}>
            {say('Change the password')}
          </Button>
        </div>
      </form>
    </Card>
  );
}
