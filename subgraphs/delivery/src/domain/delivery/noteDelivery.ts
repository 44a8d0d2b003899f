import type { AttemptOutcome } from '@tributary/contracts/values';
import { logEvent, type Logger } from '@tributary/observability';

/** One try to send something. */
export interface DeliveryTry {
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

/** Tells the log of a try. Neither where it went nor what came back: both are the workspace's. */
export function noteDelivery(
  logger: Logger,
  { workspaceId, messageId, outcome, durationMs, attempt, facts }: DeliveryTry,
): void {
  const status = outcome === 'DELIVERED' ? 'ok' : outcome.toLowerCase();
  logEvent(logger, { event: 'delivery', status, durationMs, requestId: messageId, workspaceId }, { attempt, ...facts });
}
