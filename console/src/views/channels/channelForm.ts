import type { ChannelInput, ChannelKind, ChannelsQuery } from '../../graph/generated/types';
import { textOf } from '../../ui/textOf';

export type Channel = NonNullable<ChannelsQuery['channels']>[number];

export const channelKinds: readonly ChannelKind[] = ['EMAIL', 'SLACK', 'PAGERDUTY', 'WEBHOOK'];
export const bodyFormats = ['STANDARD', 'ALERTMANAGER'] as const;

/** What was typed, as the graph takes it. An empty field is left out. */
export function channelOf(form: FormData, kind: ChannelKind): ChannelInput {
  const secret = textOf(form, 'secret');
  return { name: textOf(form, 'name'), kind, settings: settingsOf(form, kind), secret: secret || null };
}

function settingsOf(form: FormData, kind: ChannelKind): Record<string, unknown> {
  const given = (...names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, textOf(form, name)] as const).filter(([, text]) => text !== ''));
  switch (kind) {
    case 'EMAIL':
      return {
        to: textOf(form, 'to')
          .split(/[\s,;]+/)
          .filter(Boolean),
      };
    case 'SLACK':
      return given('channel', 'url');
    case 'PAGERDUTY':
      return given('url');
    case 'WEBHOOK':
      return given('url', 'format');
  }
}

/** A setting of a channel as it stands in a field; '' when it has none. */
export function settingText(channel: Channel | null, name: string): string {
  const value = channel?.settings[name];
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'string' ? value : '';
}

/** Where it leads, in a line; '' when its secret alone says so. */
export function whereTo(channel: Channel): string {
  return ['to', 'channel', 'url'].map((name) => settingText(channel, name)).find((text) => text !== '') ?? '';
}
