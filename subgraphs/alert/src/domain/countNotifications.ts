import type { Effect } from './alertMachine.js';

/** Something that people may have to hear of. */
export interface Told {
  readonly kind: Effect['kind'];
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly fingerprint: string;
}

export interface GroupTimes {
  readonly groupWaitMs: number;
  readonly groupIntervalMs: number;
  readonly repeatMs: number;
}

/** Of alerts that no route says anything of. */
const defaultGroupTimes: GroupTimes = { groupWaitMs: 30_000, groupIntervalMs: 300_000, repeatMs: 14_400_000 };

/** What changes what people know; the others are details. */
const news: ReadonlySet<Effect['kind']> = new Set(['FIRE', 'REOPEN', 'RESOLVE', 'FLAP', 'SETTLE']);

/**
 * How many notifications alerts of one group make: the first after the group's wait, further news an interval later, and a reminder
 * while something is open. `told` is in order of time.
 */
export function countNotifications(told: readonly Told[], times: GroupTimes = defaultGroupTimes): number {
  let count = 0;
  let sentAt = -Infinity;
  let dueAt: number | null = null;
  const open = new Set<string>();
  const send = (at: number) => {
    count += 1;
    sentAt = at;
    dueAt = null;
  };
  for (const { kind, at, fingerprint } of told) {
    if (dueAt !== null && dueAt <= at) send(dueAt);
    while (open.size > 0 && dueAt === null && sentAt + times.repeatMs <= at) send(sentAt + times.repeatMs);
    if (!news.has(kind)) continue;
    const isFirst = open.size === 0 && at - sentAt > times.repeatMs;
    dueAt ??= isFirst ? at + times.groupWaitMs : Math.max(at + times.groupWaitMs, sentAt + times.groupIntervalMs);
    if (kind === 'RESOLVE') open.delete(fingerprint);
    else open.add(fingerprint);
  }
  if (dueAt !== null) send(dueAt);
  return count;
}
