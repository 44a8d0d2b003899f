'use client';
import type { FormEvent } from 'react';
import { UpdateProfile } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useViewer } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Field, Input } from '../../ui/Field';
import { textOf } from '../../ui/textOf';
import { label } from '../../words/format';
import { say } from '../../words/say';

/** Who one is here, and what colleagues call one. */
export function ProfileCard() {
  const { displayName, email, role } = useViewer();
  const update = useAction(UpdateProfile, { refreshes: ['Viewer', 'Members'], done: say('It is saved.') });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    update.mutate({ input: { displayName: textOf(new FormData(event.currentTarget), 'displayName') } });
  };
  return (
    <Card title={say('You')}>
      <dl className="mb-4 grid gap-2 text-sm">
        <div className="flex justify-between gap-4">
          <dt className="text-soft">{say('E-mail')}</dt>
          <dd className="min-w-0 truncate">{email}</dd>
        </div>
        <div className="flex justify-between gap-4">
          <dt className="text-soft">{say('Role')}</dt>
          <dd>{label(role)}</dd>
        </div>
      </dl>
      <form onSubmit={submit}>
        <Field label={say('Your name')} hint={say('As colleagues see it in this workspace.')}>
          {({ id, describedBy }) => (
            <span className="flex gap-2">
              <Input
                key={displayName}
                id={id}
                name="displayName"
                defaultValue={displayName}
                maxLength={100}
                autoComplete="name"
                required
                aria-describedby={describedBy}
              />
              <Button type="submit" busy={update.isPending}>
                {say('Save')}
              </Button>
            </span>
          )}
        </Field>
      </form>
    </Card>
  );
}
