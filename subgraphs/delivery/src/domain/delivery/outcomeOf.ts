import type { Answer } from '../outgoing/Outgoing.js';

/**
 * What an answer means. `endpoint`: the receiver is in trouble, and everything waits. `message`: it does not take this one. `gone`: it says
 * that it is no more. `abort`: it wants this one never again.
 */
export type Outcome =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'endpoint'; readonly retryAfterMs: number | null }
  | { readonly kind: 'message' }
  | { readonly kind: 'abort' }
  | { readonly kind: 'gone' };

const troubled = new Set([408, 425, 429]);
const longestRetryAfterMs = 24 * 3_600_000;

export function outcomeOf(answer: Answer, now: number): Outcome {
  const { status } = answer;
  if (status === null) return { kind: 'endpoint', retryAfterMs: null };
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  if (one(answer.headers['webhook-delivery'])?.trim().toLowerCase() === 'abort-message') return { kind: 'abort' };
  if (status === 410) return { kind: 'gone' };
  if (status >= 500 || troubled.has(status)) return { kind: 'endpoint', retryAfterMs: retryAfterOf(answer, now) };
  // Whoever points elsewhere is not followed.
  return { kind: 'message' };
}

/** When it wants to be asked again, in seconds or as a date (RFC 9110), in milliseconds from now: a day at most. Null: it does not say. */
export function retryAfterOf({ headers }: Pick<Answer, 'headers'>, now: number): number | null {
  const text = one(headers['retry-after']);
  if (text === undefined) return null;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, longestRetryAfterMs) : null;
}

function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
