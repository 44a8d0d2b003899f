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
  if (status >= 500 || troubled.has(status))
    return { kind: 'endpoint', retryAfterMs: retryAfter(one(answer.headers['retry-after']), now) };
  // Whoever points elsewhere is not followed.
  return { kind: 'message' };
}

/** Seconds, or a date (RFC 9110); a day at most. */
function retryAfter(text: string | undefined, now: number): number | null {
  if (text === undefined) return null;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, longestRetryAfterMs) : null;
}

function one(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.[0];
}
