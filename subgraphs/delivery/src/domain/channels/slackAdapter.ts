import { z } from 'zod';
import type { NotificationPayload } from '@tributary/contracts/events';
import type { Adapter } from './Adapter.js';
import { checkedSettings, refusedSecret } from './checkedSettings.js';
import { interpretHttp } from './interpretHttp.js';
import { summaryOf } from './summary.js';

const form = z.strictObject({
  /** Where a bot writes; an incoming webhook knows it by itself. */
  channel: z.string().min(1).max(100).optional(),
  /** Of another Slack than the usual one. */
  url: z.string().max(2_000).optional(),
});
const usual = 'https://slack.com/api';
const answered = z.looseObject({ ok: z.boolean(), ts: z.string().optional(), error: z.string().optional() });
/** What Slack says of itself; all else it says of the message. */
const passing = new Set([
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

/** Slack: by the URL of an incoming webhook, or by a bot’s token, which gathers what is said of a group in one thread. */
export const slackAdapter: Adapter = {
  check({ settings, secret }, { url }) {
    const checked = checkedSettings(form, settings);
    if (secret === null || !/^(https?:\/\/|xox[abp]-)/.test(secret))
      throw refusedSecret('Give the URL of an incoming webhook, or a bot’s token (xoxb-…).');
    if (/^http/.test(secret)) url(secret);
    else if (checked.channel === undefined) checkedSettings(form.required({ channel: true }), settings);
    return { ...checked, ...(checked.url === undefined ? {} : { url: url(checked.url) }) };
  },

  render(channel, { notification, thread }) {
    const settings = form.parse(channel.settings);
    const secret = channel.secret!;
    const message = { text: summaryOf(notification).subject, blocks: blocksOf(notification) };
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    if (/^http/.test(secret)) return [{ by: 'http', url: secret, headers, body: JSON.stringify(message) }];
    return [
      {
        by: 'http',
        url: `${(settings.url ?? usual).replace(/\/$/, '')}/chat.postMessage`,
        headers: { ...headers, authorization: `Bearer ${secret}` },
        body: JSON.stringify({
          channel: settings.channel,
          ...message,
          ...(thread === null ? {} : { thread_ts: thread }),
        }),
      },
    ];
  },

  /** A bot’s calls are always answered with 200, and the body says what came of them. */
  interpret(answer) {
    const verdict = interpretHttp(answer);
    const said = answered.safeParse(parsed(answer.text));
    if (verdict.kind !== 'done' || !said.success) return verdict;
    const { ok, ts, error = '' } = said.data;
    if (ok) return ts === undefined ? verdict : { kind: 'done', thread: ts };
    return passing.has(error) ? { kind: 'retry' } : { kind: 'dead' };
  },
};

function blocksOf(notification: NotificationPayload): readonly object[] {
  const { subject, lines } = summaryOf(notification);
  const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } });
  return [section(`*${escaped(subject)}*`), ...lines.map((line) => section(escaped(line)))];
}

/** So that a title addresses nobody and is no link. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
