'use client';
import { useState, type FormEvent } from 'react';
import { UpdateWebhook } from '../../graph/generated/operations';
import { useAction } from '../../graph/useGraph';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Field, Input, Textarea } from '../../ui/Field';
import { JsonView } from '../../ui/JsonView';
import { textOf } from '../../ui/textOf';
import { say } from '../../words/say';
import { refreshes, type WebhookFacts } from './WebhookFacts';

/** What is sent and where, which can be changed: the position stays. */
export function DocumentTab({ webhook }: { readonly webhook: WebhookFacts }) {
  const may = useMay('webhook.write');
  const [edits, setEdits] = useState(false);
  const update = useAction(UpdateWebhook, {
    refreshes,
    done: say('It is saved, and belongs to you from now on.'),
    onDone: () => setEdits(false),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const changed = (name: 'name' | 'url' | 'document') => {
      const text = textOf(form, name);
      return text === webhook[name] ? null : text;
    };
    update.mutate({
      input: {
        id: webhook.id,
        version: webhook.version,
        patch: { name: changed('name'), url: changed('url'), document: changed('document') },
      },
    });
  };
  if (!edits)
    return (
      <div className="grid gap-3">
        <pre
          tabIndex={0}
          aria-label={say('Subscription')}
          className="overflow-auto rounded-md bg-sunken p-3 font-mono text-xs"
        >
          {webhook.document}
        </pre>
        {Object.keys(webhook.variables).length > 0 && <JsonView value={webhook.variables} />}
        {may && (
          <div>
            <Button icon="pencil" onClick={() => setEdits(true)}>
              {say('Edit')}
            </Button>
          </div>
        )}
      </div>
    );
  return (
    <form onSubmit={submit} className="grid gap-3" key={webhook.version}>
      <div className="grid gap-3 sm:grid-cols-2">
        <Field label={say('Name')}>
          {({ id }) => <Input id={id} name="name" required maxLength={200} defaultValue={webhook.name} />}
        </Field>
        <Field label={say('Address')} hint={say('Another one has to answer a test first.')}>
          {({ id, describedBy }) => (
            <Input id={id} name="url" type="url" required aria-describedby={describedBy} defaultValue={webhook.url} />
          )}
        </Field>
      </div>
      <Field label={say('Subscription')} hint={say('To the same stream.')}>
        {({ id, describedBy }) => (
          <Textarea
            id={id}
            name="document"
            required
            rows={14}
            spellCheck={false}
            className="font-mono text-xs"
            aria-describedby={describedBy}
            defaultValue={webhook.document}
          />
        )}
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={() => setEdits(false)}>{say('Cancel')}</Button>
        <Button type="submit" variant="primary" busy={update.isPending}>
          {say('Save')}
        </Button>
      </div>
    </form>
  );
}
