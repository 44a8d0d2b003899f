import type { NotificationPayload, NotifiedAlert } from '@tributary/contracts/events';
import type { NotificationKind } from '@tributary/contracts/values';

/** How many alerts are named in a message; the others are counted. */
const mostNamed = 10;

/** A notification in words: a line for a subject, and a line for each alert. */
export interface Summary {
  readonly subject: string;
  readonly lines: readonly string[];
}

const reasons: Readonly<Partial<Record<NotificationKind, string>>> = {
  REPEATED: ' (still)',
  ESCALATED: ' (nobody has taken it up)',
  MOVED: ' (still open, but not told here any more)',
};

export function summaryOf(notification: NotificationPayload): Summary {
  const { alerts, total, kind } = notification;
  const open = alerts.filter(({ status }) => status !== 'RESOLVED');
  const state = open.length === 0 ? 'RESOLVED' : open[0]!.severity;
  const about = total === 1 && alerts[0] ? alerts[0].title : `${total} alerts: ${alerts[0]?.title ?? ''}`;
  const named = alerts.slice(0, mostNamed).map(lineOf);
  return {
    subject: oneLine(`[${state}] ${about}${reasons[kind] ?? ''}`),
    lines: total > named.length ? [...named, `… and ${total - named.length} more.`] : named,
  };
}

/** What is said of one alert. */
export function lineOf({ severity, status, title, description, runbookUrl }: NotifiedAlert): string {
  return oneLine(`${status} ${severity}: ${title}. ${description}${runbookUrl ? ` Runbook: ${runbookUrl}` : ''}`);
}

/** Whoever names an alert must not write a header of a mail. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\t\0]+/g, ' ').slice(0, 500);
}
