import { z } from 'zod';
import { CodedError } from '@tributary/contracts/errors';
import { checkedSettings, refusedSecret } from './checkedSettings.js';
import type { Adapter } from './Adapter.js';
import { groupHash } from './groupHash.js';
import { summaryOf } from './summary.js';

const form = z.strictObject({ to: z.array(z.email().max(254)).min(1).max(20) });

/** Mail to people: one thread for each group of alerts. */
export const emailAdapter: Adapter = {
  check({ settings, secret }, { mail }) {
    if (!mail)
      throw new CodedError('INVALID_INPUT', 'This installation has no mail server: its operator sets SMTP_URL.', {
        field: 'kind',
      });
    if (secret !== null) throw refusedSecret('A channel of kind EMAIL has no secret.');
    return checkedSettings(form, settings);
  },

  render(channel, { notification, id }) {
    const { to } = form.parse(channel.settings);
    const { subject, lines } = summaryOf(notification);
    const thread = `${groupHash(channel, notification)}@tributary`;
    const closing = `Sent by Tributary, channel “${channel.name}”, route “${notification.route}”.`;
    const text = [subject, '', ...lines, '', closing].join('\n');
    const html = `<p><strong>${escaped(subject)}</strong></p><ul>${lines.map((line) => `<li>${escaped(line)}</li>`).join('')}</ul><p>${escaped(closing)}</p>`;
    return [
      { by: 'mail', mail: { to, subject, text, html, messageId: `<${id}@tributary>`, references: `<${thread}>` } },
    ];
  },

  /** SMTP: 4xx may pass, 5xx will not. */
  interpret({ status }) {
    if (status === null || (status >= 400 && status < 500)) return { kind: 'retry' };
    return status >= 500 ? { kind: 'dead' } : { kind: 'done' };
  },
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
