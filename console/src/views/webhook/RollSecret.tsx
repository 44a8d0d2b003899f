'use client';
import { useState } from 'react';
import { RollWebhookSecret } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { WebhookSecret } from '../../parts/WebhookSecret';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, Field } from '../../ui/Field';
import { say } from '../../words/say';
import { refreshes } from './WebhookFacts';

const overlaps = ['0', '1', '24', '168'] as const;
const overlapNames = { '0': 'at once', '1': 'in an hour', '24': 'in a day', '168': 'in a week' } as const;

/** Another secret, and how long the one before signs beside it. */
export function RollSecret({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const [overlap, setOverlap] = useState<(typeof overlaps)[number]>('24');
  const [secret, setSecret] = useState<string | null>(null);
  const roll = useAction(RollWebhookSecret, {
    refreshes,
    onDone: ({ rollWebhookSecret }) => {
      if (rollWebhookSecret?.secret) setSecret(rollWebhookSecret.secret);
      else onClose();
    },
  });
  if (secret) return <WebhookSecret secret={secret} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title={say('Roll the secret')}
      description={say('Messages are signed with both meanwhile, so that the receiver can change over.')}
    >
      <div className="grid gap-4">
        <Field label={say('The secret of before ends')}>
          {({ id: field }) => (
            <Choice
              id={field}
              value={overlap}
              names={overlaps}
              wordOf={(hours) => say(overlapNames[hours])}
              onChoose={setOverlap}
            />
          )}
        </Field>
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{say('Cancel')}</Button>
          <Button
            variant="primary"
            busy={roll.isPending}
            onClick={() => roll.mutate({ input: { id, overlapHours: Number(overlap) } })}
          >
            {say('Roll')}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
