'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { AcknowledgeAlert, ResolveAlert } from '../../graph/generated/operations';
import { requestOnce } from '../../graph/requestOnce';
import { sentenceOf } from '../../graph/sentenceOf';
import { useSession, useSignedIn } from '../../session/SessionProvider';
import { tellDone, tellRefused } from '../../ui/tell';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { textOf } from '../../ui/textOf';
import { Field, Textarea } from '../../ui/Field';
import type { AlertRow } from './alertColumns';

interface HandleAlertsProps {
  readonly how: 'acknowledge' | 'resolve';
  readonly alerts: readonly AlertRow[];
  readonly onClose: () => void;
}

/** Takes alerts up, or says that they are over, with a word for colleagues. */
export function HandleAlerts({ how, alerts, onClose }: HandleAlertsProps) {
  const session = useSession();
  const client = useQueryClient();
  const { workspaceId } = useSignedIn();
  const [busy, setBusy] = useState(false);
  const verb = how === 'acknowledge' ? 'Acknowledge' : 'Resolve';
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const comment = textOf(new FormData(event.currentTarget), 'comment') || null;
    setBusy(true);
    const answers = await Promise.allSettled(
      alerts.map(({ id }) =>
        how === 'acknowledge'
          ? requestOnce(session, AcknowledgeAlert, { input: { id, comment } })
          : requestOnce(session, ResolveAlert, { input: { id, comment } }),
      ),
    );
    const refused = answers.filter((answer) => answer.status === 'rejected');
    if (refused[0]) tellRefused(sentenceOf(refused[0].reason));
    if (refused.length < answers.length)
      tellDone(`${answers.length - refused.length} ${how === 'acknowledge' ? 'acknowledged' : 'resolved'}.`);
    await client.invalidateQueries({ queryKey: [workspaceId, 'Alerts'] });
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={alerts.length === 1 ? `${verb} “${alerts[0]?.title}”` : `${verb} ${alerts.length} alerts`}
      description={how === 'acknowledge' ? 'Others see that you are at it.' : 'The same cause raises another alert.'}
    >
      <form onSubmit={(event) => void submit(event)} className="grid gap-3">
        <Field label="Comment" hint="Others see it. It may stay empty.">
          {({ id, describedBy }) => (
            <Textarea id={id} name="comment" rows={3} maxLength={2000} aria-describedby={describedBy} autoFocus />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={busy}>
            {verb}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
