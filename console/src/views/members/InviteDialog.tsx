'use client';
import { useState, type FormEvent } from 'react';
import { InviteMember } from '../../graph/generated/operations';
import type { Role } from '../../graph/generated/types';
import { useAction } from '../../graph/useGraph';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { textOf } from '../../ui/textOf';
import { Field, Input, Select } from '../../ui/Field';
import { label } from '../../words/format';
import { roles } from './roles';
import { say } from '../../words/say';

/** Invites a person and shows the link, once: sending it is up to whoever invites. */
export function InviteDialog({ onClose }: { readonly onClose: () => void }) {
  const maySetOwner = useMay('member.setOwner');
  const [link, setLink] = useState<string | null>(null);
  const invite = useAction(InviteMember, {
    refreshes: ['Members'],
    onDone: (data) => {
      const token = data.inviteMember?.token;
      if (token) setLink(`${window.location.origin}/auth/accept#token=${token}`);
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    invite.mutate({
      input: {
        email: textOf(form, 'email'),
        displayName: textOf(form, 'name') || null,
        role: textOf(form, 'role') as Role,
      },
    });
  };
  if (link) {
    return (
      <Dialog
        open
        onClose={onClose}
        title={say('Send this link')}
        description={say('It is good once and shown this once. Whoever opens it sets a password and is in.')}
      >
        <code className="block rounded-md bg-sunken p-3 text-xs break-all">{link}</code>
        <div className="mt-4 flex justify-end gap-2">
          <CopyButton text={link} />
          <Button size="small" variant="primary" onClick={onClose}>
            {say('Done')}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog open onClose={onClose} title={say('Invite somebody')}>
      <form onSubmit={submit} className="grid gap-3">
        <Field label={say('E-mail')}>
          {({ id }) => <Input id={id} name="email" type="email" required autoFocus />}
        </Field>
        <Field label={say('Name')} hint={say('What colleagues see. It may stay empty.')}>
          {({ id, describedBy }) => <Input id={id} name="name" maxLength={100} aria-describedby={describedBy} />}
        </Field>
        <Field label={say('Role')}>
          {({ id }) => (
            <Select id={id} name="role" defaultValue="VIEWER">
              {roles
                .filter((role) => role !== 'OWNER' || maySetOwner)
                .map((role) => (
                  <option key={role} value={role}>
                    {label(role)}
                  </option>
                ))}
            </Select>
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{say('Cancel')}</Button>
          <Button type="submit" variant="primary" busy={invite.isPending}>
            {say('Invite')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
