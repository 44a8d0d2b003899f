import type { Random } from '@tributary/kit';
import type { Run } from './LiveRules.ts';

/** A rule, and what agents did meanwhile with when they told of it: in the order in which it comes. */
export interface History {
  readonly rule: Readonly<Record<string, unknown>> & { readonly everySeconds: number };
  readonly runs: readonly (Run & { readonly sentAt: number })[];
}

const minuteMs = 60_000;
/** For how long agents do something, and within which all of it has come. */
export const historyMs = 20 * minuteMs;
export const latestMs = 6 * minuteMs;
/** Rules are looked at so often; some of them take every third. */
export const stepMs = 10_000;

const metrics = [
  { metric: 'ERROR_RATE', comparison: 'ABOVE', threshold: 0.4, recoveryThreshold: 0.2 },
  { metric: 'REQUESTS', comparison: 'BELOW', threshold: 2 },
  { metric: 'ERRORS', comparison: 'ABOVE', threshold: 1 },
] as const;

/** `isPunctual`: all comes at once, so that nothing is evaluated anew. */
export function drawHistory(random: Random, begins: number, isPunctual: boolean): History {
  const rule = {
    name: 'Drawn',
    ...random.pick([...metrics]),
    windowSeconds: random.pick([60, 120]),
    groupBy: random.next() < 0.6 ? 'AGENT' : null,
    severity: 'WARNING',
    everySeconds: random.pick([stepMs / 1_000, (3 * stepMs) / 1_000]),
    forSeconds: random.pick([0, 0, 30]),
    keepFiringSeconds: random.pick([0, 0, 40]),
    noData: random.pick(['HOLD', 'RESOLVE', 'FIRE', 'ALERT']),
    reopenSeconds: random.pick([0, 600]),
    delaySeconds: 15,
  };
  const runs: History['runs'][number][] = [];
  let bad = false;
  for (let at = begins; at < begins + historyMs; at += 5_000 + random.next() * 20_000) {
    if (random.next() < 0.1) bad = !bad;
    if (random.next() < 0.04) at += 2 * minuteMs;
    const endedAt = Math.floor(at);
    // Most come at once, some late, and some in another order.
    const lateMs = isPunctual ? 0 : random.next() < 0.75 ? random.next() * 5_000 : random.next() * latestMs;
    runs.push({
      agent: random.pick(['mapper', 'planner', 'writer']),
      endedAt,
      durationMs: random.pick([50, 2_000, 90_000]),
      failed: random.next() < (bad ? 0.8 : 0.1),
      sentAt: endedAt + lateMs,
    });
  }
  return { rule, runs: runs.sort((one, other) => one.sentAt - other.sentAt) };
}
