'use client';
import { useState } from 'react';
import { RevokeApiKey, RollApiKey } from '../../graph/generated/operations';
import type { ApiKeysQuery } from '../../graph/generated/types';
import { useAction } from '../../graph/useGraph';
import { RelativeTime } from '../../parts/RelativeTime';
import { useMay } from '../../session/Permissions';
import type { Tone } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Field, Select } from '../../ui/Field';
import { KeySecret } from './KeySecret';
import { say } from '../../words/say';

export type Key = NonNullable<NonNullable<ApiKeysQuery['viewer']>['workspace']['apiKeys']>['nodes'][number];

export function keyState({ revokedAt, expiresAt }: Key): { readonly text: string; readonly tone: Tone } {
  if (revokedAt) return { text: say('Revoked'), tone: 'bad' };
  if (expiresAt && Date.parse(expiresAt) < Date.now()) return { text: say('Expired'), tone: 'rest' };
  return { text: say('Good'), tone: 'good' };
}

const overlaps = [
  { seconds: 0, text: 'at once' },
  { seconds: 3_600, text: 'in an hour' },
  { seconds: 86_400, text: 'in a day' },
] as const;

export function KeyDrawer({ apiKey, onClose }: { readonly apiKey: Key; readonly onClose: () => void }) {
  const may = useMay('apiKey.write');
  const [overlap, setOverlap] = useState(3_600);
  const [secret, setSecret] = useState<string | null>(null);
  const [revokes, setRevokes] = useState(false);
  const roll = useAction(RollApiKey, {
    refreshes: ['ApiKeys'],
    onDone: (data) => setSecret(data.rollApiKey?.secret ?? null),
  });
  const revoke = useAction(RevokeApiKey, {
    refreshes: ['ApiKeys'],
    done: say('The key is refused from now on.'),
    onDone: onClose,
  });
  if (secret) return <KeySecret secret={secret} onClose={onClose} />;
  const isGood = keyState(apiKey).text === 'Good';
  return (
    <Dialog open side onClose={onClose} title={apiKey.name} description={<code>{apiKey.prefix}…</code>}>
      <div className="grid gap-5">
        <dl className="grid gap-2 text-sm">
          {(
            [
              [say('Created'), apiKey.createdAt],
              [say('Last used'), apiKey.lastUsedAt],
              [say('Expires'), apiKey.expiresAt],
              [say('Revoked'), apiKey.revokedAt],
            ] as const
          ).map(([name, time]) => (
            <div key={name} className="flex justify-between gap-4">
              <dt className="text-soft">{name}</dt>
              <dd>
                <RelativeTime time={time} />
              </dd>
            </div>
          ))}
        </dl>
        <div>
          <h3 className="mb-1 text-xs font-medium text-faint">{say('May')}</h3>
          <ul className="flex flex-wrap gap-1">
            {apiKey.scopes.map((scope) => (
              <li key={scope}>
                <code className="rounded bg-sunken px-1.5 py-0.5 text-xs">{scope}</code>
              </li>
            ))}
          </ul>
        </div>
        {may && isGood && (
          <div className="grid gap-3 border-t border-line pt-4">
            <Field
              label={say('The secret of before ends')}
              hint={say('Both are good meanwhile, so that its user can change over.')}
            >
              {({ id, describedBy }) => (
                <Select
                  id={id}
                  aria-describedby={describedBy}
                  value={overlap}
                  onChange={(event) => setOverlap(Number(event.target.value))}
                >
                  {overlaps.map(({ seconds, text }) => (
                    <option key={seconds} value={seconds}>
                      {say(text)}
                    </option>
                  ))}
                </Select>
              )}
            </Field>
            <div className="flex flex-wrap gap-2">
              <Button
                icon="refreshCw"
                busy={roll.isPending}
                onClick={() => roll.mutate({ input: { id: apiKey.id, overlapSeconds: overlap } })}
              >
                {say('Roll')}
              </Button>
              {revokes ? (
                <Button
                  variant="danger"
                  icon="trash2"
                  busy={revoke.isPending}
                  onClick={() => revoke.mutate({ input: { id: apiKey.id } })}
                >
                  {say('Revoke for good')}
                </Button>
              ) : (
                <Button variant="danger" icon="trash2" onClick={() => setRevokes(true)}>
                  {say('Revoke')}
                </Button>
              )}
            </div>
          </div>
        )}
      </div>
    </Dialog>
  );
}
