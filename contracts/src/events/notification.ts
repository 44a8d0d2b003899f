import type { AlertSeverity, AlertStatus } from '../values/alert.js';
import type { NotificationKind } from '../values/delivery.js';

/** What is written to stream `notifications`. */
export const notificationEventTypes = ['notification.due'] as const;
export type NotificationEventType = (typeof notificationEventTypes)[number];

/** An alert as people are told of it: what stood when it was decided that they are. */
export interface NotifiedAlert {
  /** Bare uuid. */
  readonly alertId: string;
  readonly fingerprint: string;
  readonly title: string;
  readonly description: string;
  readonly severity: AlertSeverity;
  readonly status: AlertStatus;
  readonly labels: Readonly<Record<string, unknown>>;
  readonly value: number | null;
  /** RFC 3339, like the next one. */
  readonly firedAt: string;
  /** Null while it is open. */
  readonly resolvedAt: string | null;
  readonly runbookUrl: string | null;
}

/**
 * The payload of an event on stream `notifications`: that people must be told of a group of alerts, and by which channels. Whoever decides
 * that appends it; whoever sends reads it.
 */
export type NotificationPayload = {
  readonly kind: NotificationKind;
  /** Name of the route that decided it. */
  readonly route: string;
  /** Says which group it is of, among all of the workspace: the same for all that is said of it. */
  readonly groupKey: string;
  /** What the group’s alerts have in common. */
  readonly group: Readonly<Record<string, unknown>>;
  /** Which step of the route, from 0 on. */
  readonly step: number;
  /** Bare uuids of channels. */
  readonly channelIds: readonly string[];
  /** The group’s alerts, the gravest first, 100 at most. */
  readonly alerts: readonly NotifiedAlert[];
  /** How many the group has. */
  readonly total: number;
};
