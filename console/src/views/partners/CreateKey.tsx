'use client';
import { useState, type FormEvent } from 'react';
import { CreateApiKey } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useViewer } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { textOf } from '../../ui/textOf';
import { Checkbox, Field, Input, Select } from '../../ui/Field';
import { KeySecret } from './KeySecret';
import { say } from '../../words/say';

const lives = [
  { days: 30, text: '30 days' },
  { days: 90, text: '90 days' },
  { days: 365, text: 'a year' },
  { days: 0, text: 'until it is revoked' },
] as const;
/** What keys never hold, whoever makes them. */
const never = new Set([
  'viewer.read',
  'node.read',
  'workspace.read',
  'account.manage',
  'member.invite',
  'member.remove',
  'member.setRole',
  'member.setOwner',
  'apiKey.write',
]);
const usual = new Set(['flow.read', 'asset.read', 'metrics.read', 'alert.read']);

export function CreateKey({ onClose }: { readonly onClose: () => void }) {
  const { permissions } = useViewer();
  const offered = [...permissions].filter((name) => !never.has(name));
  const [scopes, setScopes] = useState<ReadonlySet<string>>(() => new Set(offered.filter((name) => usual.has(name))));
  const [secret, setSecret] = useState<string | null>(null);
  const create = useAction(CreateApiKey, {
    refreshes: ['ApiKeys'],
    onDone: (data) => setSecret(data.createApiKey?.secret ?? null),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const days = Number(form.get('days'));
    create.mutate({
      input: {
        name: textOf(form, 'name'),
        scopes: [...scopes],
        expiresAt: days === 0 ? null : new Date(Date.now() + days * 86_400_000).toISOString(),
      },
    });
  };
  const toggle = (name: string) =>
    setScopes((was) => {
      const next = new Set(was);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  if (secret) return <KeySecret secret={secret} onClose={onClose} />;
  const groups = Map.groupBy(offered, (name) => name.split('.')[0]!);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={say('New key')}
      description={say('It may do what is ticked, and no more than you may.')}
    >
      <form onSubmit={submit} className="grid gap-4">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={say('Who uses it')}>
            {({ id }) => (
              <Input id={id} name="name" required maxLength={100} placeholder={say('Reporting of ACME')} autoFocus />
            )}
          </Field>
          <Field label={say('Good for')}>
            {({ id }) => (
              <Select id={id} name="days" defaultValue="90">
                {lives.map(({ days, text }) => (
                  <option key={days} value={days}>
                    {say(text)}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
        <fieldset>
          <legend className="mb-2 text-xs font-medium text-soft">{say('What it may do')}</legend>
          <div className="grid gap-x-6 gap-y-3 sm:grid-cols-2 md:grid-cols-3">
            {[...groups].map(([group, names]) => (
              <div key={group} className="grid content-start gap-1">
                {names.map((name) => (
                  <Checkbox
                    key={name}
                    checked={scopes.has(name)}
                    onChange={() => toggle(name)}
                    label={<code className="text-xs">{name}</code>}
                  />
                ))}
              </div>
            ))}
          </div>
        </fieldset>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{say('Cancel')}</Button>
          <Button type="submit" variant="primary" busy={create.isPending} disabled={scopes.size === 0}>
            {say('Make the key')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
