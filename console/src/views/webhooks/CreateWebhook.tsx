'use client';
import { useState, type FormEvent } from 'react';
import { CreateWebhook as Create } from '../../graph/generated/operations';
import type { WebhookFormat } from '../../graph/generated/types';
import { useAction } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { WebhookSecret } from '../../parts/WebhookSecret';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Choice, Field, Input, Textarea } from '../../ui/Field';
import { say } from '../../words/say';
import { DeliveryChoices } from './DeliveryChoices';
import { templateNames, templateText, type TemplateName } from './templates';
import { webhookOf } from './webhookForm';
import { WebhookTrial } from './WebhookTrial';

interface Made {
  readonly id: string;
  readonly secret: string | null;
}

/** A subscription and where its events are sent. */
export function CreateWebhook({ onClose }: { readonly onClose: () => void }) {
  const go = useGo();
  const [template, setTemplate] = useState<TemplateName>('AlertsToReceiver');
  const [document, setDocument] = useState(() => templateText('AlertsToReceiver'));
  const [format, setFormat] = useState<WebhookFormat>('STANDARD');
  const [made, setMade] = useState<Made | null>(null);
  const create = useAction(Create, {
    refreshes: ['Webhooks'],
    onDone: ({ createWebhook }) => {
      if (!createWebhook) return;
      const { webhook, secret } = createWebhook;
      if (secret) setMade({ id: webhook.id, secret });
      else go('webhook', { id: webhook.id });
    },
  });
  const choose = (name: TemplateName) => {
    setTemplate(name);
    setDocument(templateText(name));
    setFormat(name === 'AlertmanagerToReceiver' ? 'ALERTMANAGER' : 'STANDARD');
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ input: { webhook: webhookOf(new FormData(event.currentTarget), document, format) } });
  };
  if (made?.secret) return <WebhookSecret secret={made.secret} onClose={() => go('webhook', { id: made.id })} />;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={say('New webhook')}
      description={say('Its receiver is tested at once; nothing is sent before it has answered.')}
    >
      <form onSubmit={submit} className="grid gap-3">
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={say('Name')}>
            {({ id }) => <Input id={id} name="name" required maxLength={200} autoFocus />}
          </Field>
          <Field label={say('Address')} hint={say('https:// and a public address.')}>
            {({ id, describedBy }) => (
              <Input
                id={id}
                name="url"
                type="url"
                required
                aria-describedby={describedBy}
                placeholder="https://desk.example.com/hooks/tributary"
              />
            )}
          </Field>
        </div>
        <Field label={say('What is sent')}>
          {({ id }) => (
            <Choice
              id={id}
              value={template}
              names={Object.keys(templateNames) as TemplateName[]}
              wordOf={(name) => say(templateNames[name])}
              onChoose={choose}
            />
          )}
        </Field>
        <Field
          label={say('Subscription')}
          hint={say('Change it as you like: each message has the shape of what it selects.')}
        >
          {({ id, describedBy }) => (
            <Textarea
              id={id}
              required
              rows={12}
              spellCheck={false}
              className="font-mono text-xs"
              aria-describedby={describedBy}
              value={document}
              onChange={(event) => setDocument(event.target.value)}
            />
          )}
        </Field>
        <DeliveryChoices format={format} onFormat={setFormat} />
        <WebhookTrial inputOf={(form) => webhookOf(form, document, format)} />
        <div className="flex justify-end gap-2">
          <Button onClick={onClose}>{say('Cancel')}</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            {say('Make the webhook')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
