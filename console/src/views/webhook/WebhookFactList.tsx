'use client';
import type { ReactNode } from 'react';
import { actorName } from '../../parts/ActorName';
import { RelativeTime } from '../../parts/RelativeTime';
import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import { exactly, label } from '../../words/format';
import { say, sayWith } from '../../words/say';
import type { WebhookFacts } from './WebhookFacts';

/** Where a webhook stands, and how it sends. */
export function WebhookFactList({ webhook }: { readonly webhook: WebhookFacts }) {
  const time = (at: string | null | undefined) => at && <RelativeTime time={at} />;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [say('Stream'), <code key="stream">{webhook.stream}</code>],
    [say('Taken up to number'), exactly(webhook.position)],
    [say('Events behind'), exactly(webhook.lag)],
    [say('Oldest waits since'), time(webhook.oldestPendingAt)],
    [say('Tried again'), time(webhook.nextAttemptAt)],
    [say('In trouble since'), time(webhook.failingSince)],
    [say('Belongs to'), webhook.owner && actorName(webhook.owner)],
    [say('Made'), time(webhook.createdAt)],
    [say('Form'), label(webhook.format)],
    [say('Signed'), label(webhook.signing)],
    [say('Order'), label(webhook.ordering)],
    [say('Events at once, at most'), exactly(webhook.maxBatch)],
    [say('Requests a second, at most'), exactly(webhook.maxPerSecond)],
    [say('Headers of its own'), webhook.headerNames.join(', ')],
  ];
  return (
    <Card title={say('Facts')} className="self-start">
      <dl className="grid gap-2 text-sm">
        {facts.map(([name, value]) =>
          value === null || value === undefined || value === '' ? null : (
            <div key={name} className="flex justify-between gap-4">
              <dt className="text-soft">{name}</dt>
              <dd className="nums min-w-0 text-right break-words">{value}</dd>
            </div>
          ),
        )}
      </dl>
      <h3 className="mt-4 mb-1 text-xs font-medium text-faint">{say('Signed with')}</h3>
      <ul className="grid gap-1 text-sm">
        {webhook.secrets.map(({ id, algorithm, createdAt, validUntil }) => (
          <li key={id} className="flex flex-wrap justify-between gap-x-4">
            <code className="text-xs">{algorithm}</code>
            <span className="text-xs text-faint">
              {sayWith(validUntil ? 'until {time}' : 'since {time}', {
                time: <RelativeTime time={validUntil ?? createdAt} />,
              })}
            </span>
          </li>
        ))}
      </ul>
      {webhook.publicKey && (
        <div className="mt-3">
          <CopyButton text={webhook.publicKey} label={say('Copy the public key')} />
        </div>
      )}
    </Card>
  );
}
