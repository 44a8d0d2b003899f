'use client';
import { useState } from 'react';
import { AssignAlert, CommentOnAlert, UnacknowledgeAlert } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Field, Textarea } from '../../ui/Field';
import type { AlertFacts } from './AlertFacts';
import type { Handling } from './HandleAlerts';
import { OwnerChoice } from './OwnerChoice';
import { say } from '../../words/say';

interface AlertActionsProps {
  readonly alert: AlertFacts;
  readonly onHandle: (how: Handling) => void;
}

const refreshes = ['Alerts', 'Alert', 'AlertFacets'];

/** What may be done with an alert: take up or over, give back, hand over, resolve, say something. */
export function AlertActions({ alert, onHandle }: AlertActionsProps) {
  const mayAcknowledge = useMay('alert.acknowledge');
  const mayAssign = useMay('alert.assign');
  const mayResolve = useMay('alert.resolve');
  const [comment, setComment] = useState('');
  const giveBack = useAction(UnacknowledgeAlert, { refreshes, done: say('It is given back: it fires again.') });
  const assign = useAction(AssignAlert, { refreshes, done: say('It is handed over.') });
  const comments = useAction(CommentOnAlert, { refreshes, done: say('It is said.'), onDone: () => setComment('') });
  const isOpen = alert.status !== 'RESOLVED';
  return (
    <div className="grid gap-3">
      {isOpen && (
        <div className="flex flex-wrap gap-2">
          {mayAcknowledge && alert.status === 'FIRING' && (
            <Button icon="check" onClick={() => onHandle('acknowledge')}>
              {say('Acknowledge')}
            </Button>
          )}
          {mayAcknowledge && alert.status === 'ACKNOWLEDGED' && (
            <>
              <Button icon="check" onClick={() => onHandle('takeOver')}>
                {say('Take over')}
              </Button>
              <Button busy={giveBack.isPending} onClick={() => giveBack.mutate({ input: { id: alert.id } })}>
                {say('Give back')}
              </Button>
            </>
          )}
          {mayResolve && (
            <Button icon="circleCheck" variant="primary" onClick={() => onHandle('resolve')}>
              {say('Resolve')}
            </Button>
          )}
        </div>
      )}
      {isOpen && mayAssign && (
        <OwnerChoice
          label={say('Hand over to')}
          value={alert.owner?.id ?? ''}
          disabled={assign.isPending}
          onChoose={(ownerId) => assign.mutate({ input: { id: alert.id, ownerId: ownerId || null } })}
        />
      )}
      {mayAcknowledge && (
        <form
          className="grid gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (comment.trim()) comments.mutate({ input: { id: alert.id, comment: comment.trim() } });
          }}
        >
          <Field label={say('Say something about it')}>
            {({ id }) => (
              <Textarea
                id={id}
                rows={2}
                maxLength={2000}
                value={comment}
                onChange={(event) => setComment(event.target.value)}
              />
            )}
          </Field>
          <div className="flex justify-end">
            <Button type="submit" size="small" busy={comments.isPending} disabled={comment.trim() === ''}>
              {say('Comment')}
            </Button>
          </div>
        </form>
      )}
    </div>
  );
}
