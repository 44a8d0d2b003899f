const seconds = 1_000;
const minutes = 60 * seconds;
const hours = 60 * minutes;

/** Between two attempts at a receiver in trouble: about 5 days altogether, and after that it is given up. */
const endpointWaits = [5 * seconds, 30 * seconds, 2 * minutes, 10 * minutes, 30 * minutes, 2 * hours, 5 * hours];
const endpointLast = 10 * hours;
/** How long a receiver may be in trouble before its webhook is disabled. */
export const givenUpAfterMs = 5 * 24 * hours;
/** Between two attempts at a message that the receiver does not take: five within a quarter of an hour. */
const messageWaits = [30 * seconds, 2 * minutes, 4 * minutes, 8 * minutes];
export const messageAttempts = messageWaits.length + 1;

/** `attempt`: the one that failed, from 1 on. `chance`: 0 to 1, so that receivers that fell together are not hit together. */
export function endpointWait(attempt: number, chance: number): number {
  return Math.round((endpointWaits[attempt - 1] ?? endpointLast) * (0.8 + 0.4 * chance));
}

/** Null: it was the last one. */
export function messageWait(attempt: number): number | null {
  return messageWaits[attempt - 1] ?? null;
}
