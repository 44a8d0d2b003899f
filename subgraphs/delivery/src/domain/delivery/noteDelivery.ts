import type { AttemptOutcome } from '@tributary/contracts/values';
import { durationHistogram, logEvent, type Logger } from '@tributary/observability';

const deliverySeconds = durationHistogram(
  'tributary_delivery_seconds',
  'Time of one try to send something to a receiver, by what it goes by and what came of it.',
  ['kind', 'outcome'],
);

/** One try to send something. */
export interface DeliveryTry {
  readonly kind: 'webhook' | 'channel';
  readonly workspaceId: string;
  /** Of what is sent, as its receiver is told. */
  readonly messageId: string;
  readonly outcome: AttemptOutcome;
  readonly durationMs: number;
  /** 1: the first. */
  readonly attempt: number;
  /** The webhook or the channel, and how much was in it. */
  readonly facts: Readonly<Record<string, string | number>>;
}

/** Counts a try, and tells the log of it. Neither where it went nor what came back: both are the workspace's. */
export function noteDelivery(
  logger: Logger,
  { kind, workspaceId, messageId, outcome, durationMs, attempt, facts }: DeliveryTry,
): void {
  deliverySeconds.observe({ kind, outcome: outcome.toLowerCase() }, durationMs / 1_000);
  const status = outcome === 'DELIVERED' ? 'ok' : outcome.toLowerCase();
  logEvent(logger, { event: 'delivery', status, durationMs, requestId: messageId, workspaceId }, { attempt, ...facts });
}
