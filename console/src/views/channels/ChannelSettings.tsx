'use client';
import type { ChannelKind } from '../../graph/generated/types';
import { Field, Input, Select } from '../../ui/Field';
import { type PlainText, say } from '../../words/say';
import { bodyFormats, settingText, type Channel } from './channelForm';

const secrets: Readonly<Partial<Record<ChannelKind, readonly [title: PlainText, hint: PlainText]>>> = {
  SLACK: ['Address of an incoming webhook, or a bot’s token', 'https://hooks.slack.com/… or xoxb-…'],
  PAGERDUTY: ['Routing key', 'Of an integration of Events API v2.'],
  WEBHOOK: ['Secret', 'whsec_… signs what is sent; anything else is sent along as Bearer. Empty: none.'],
};

interface ChannelSettingsProps {
  readonly kind: ChannelKind;
  /** The channel that is changed; null for a new one. */
  readonly channel: Channel | null;
}

/** What a kind of channel has to know. */
export function ChannelSettings({ kind, channel }: ChannelSettingsProps) {
  const secret = secrets[kind];
  return (
    <>
      {kind === 'EMAIL' && (
        <Field label={say('To whom')} hint={say('Addresses, divided by commas.')}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              name="to"
              required
              aria-describedby={describedBy}
              defaultValue={settingText(channel, 'to')}
            />
          )}
        </Field>
      )}
      {kind === 'SLACK' && (
        <Field label={say('Channel in Slack')} hint={say('With a bot’s token only.')}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              name="channel"
              aria-describedby={describedBy}
              defaultValue={settingText(channel, 'channel')}
            />
          )}
        </Field>
      )}
      {(kind === 'PAGERDUTY' || kind === 'SLACK') && (
        <Field label={say('Another address of the service')} hint={say('Of another region. Empty: the usual one.')}>
          {({ id, describedBy }) => (
            <Input
              id={id}
              name="url"
              type="url"
              aria-describedby={describedBy}
              defaultValue={settingText(channel, 'url')}
            />
          )}
        </Field>
      )}
      {kind === 'WEBHOOK' && (
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label={say('Address')}>
            {({ id }) => <Input id={id} name="url" type="url" required defaultValue={settingText(channel, 'url')} />}
          </Field>
          <Field label={say('Form of the body')}>
            {({ id }) => (
              <Select id={id} name="format" defaultValue={settingText(channel, 'format') || 'STANDARD'}>
                {bodyFormats.map((format) => (
                  <option key={format} value={format}>
                    {format === 'STANDARD' ? 'Standard Webhooks' : 'Alertmanager'}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        </div>
      )}
      {secret && (
        <Field
          label={say(secret[0])}
          hint={channel ? say('It is not shown again. Empty: it stays as it is.') : say(secret[1])}
        >
          {({ id, describedBy }) => (
            <Input
              id={id}
              name="secret"
              type="password"
              autoComplete="off"
              aria-describedby={describedBy}
              required={!channel && kind !== 'WEBHOOK'}
            />
          )}
        </Field>
      )}
    </>
  );
}
