'use client';
import type { WebhookFormat, WebhookOrdering, WebhookSigning } from '../../graph/generated/types';
import { Choice, Field, Select } from '../../ui/Field';
import { type PlainText, say } from '../../words/say';
import { orderings, signings } from './webhookForm';

const formats: readonly WebhookFormat[] = ['STANDARD', 'CLOUDEVENTS', 'ALERTMANAGER'];
const batches = [1, 10, 50, 100];

const formatNames: Readonly<Record<WebhookFormat, string>> = {
  STANDARD: 'Standard Webhooks',
  CLOUDEVENTS: 'CloudEvents 1.0',
  ALERTMANAGER: 'Alertmanager 4',
};
const signingNames: Readonly<Record<WebhookSigning, PlainText>> = {
  SYMMETRIC: 'with a shared secret',
  ASYMMETRIC: 'with a public key',
  BOTH: 'both ways',
};
const orderingNames: Readonly<Record<WebhookOrdering, PlainText>> = {
  STREAM: 'each behind the one before',
  ENTITY: 'those about one thing',
  NONE: 'in no order',
};

interface DeliveryChoicesProps {
  readonly format: WebhookFormat;
  readonly onFormat: (format: WebhookFormat) => void;
}

/** The form of messages, how they are signed, in what order and how many at once. */
export function DeliveryChoices({ format, onFormat }: DeliveryChoicesProps) {
  return (
    <div className="grid gap-3 sm:grid-cols-4">
      <Field label={say('Form of the body')}>
        {({ id }) => (
          <Choice id={id} value={format} names={formats} wordOf={(name) => formatNames[name]} onChoose={onFormat} />
        )}
      </Field>
      <Named name="signing" title={say('Signed')} names={signings} words={signingNames} />
      <Named name="ordering" title={say('In order')} names={orderings} words={orderingNames} />
      <Field label={say('Events at once, at most')}>
        {({ id }) => (
          <Select id={id} name="maxBatch" defaultValue="1">
            {batches.map((size) => (
              <option key={size} value={size}>
                {size}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}

interface NamedProps {
  readonly name: string;
  readonly title: string;
  readonly names: readonly string[];
  readonly words: Readonly<Record<string, PlainText>>;
}

function Named({ name, title, names, words }: NamedProps) {
  return (
    <Field label={title}>
      {({ id }) => (
        <Select id={id} name={name}>
          {names.map((each) => (
            <option key={each} value={each}>
              {say(words[each]!)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
