import { setTimeout as delay } from 'node:timers/promises';

/**
 * Begins `work` so many times a second, whatever each takes, and waits for all. `behind`: how many began more than a
 * second late, because this process or its machine could not keep up.
 */
export async function steadily(
  perSecond: number,
  seconds: number,
  work: () => Promise<void>,
): Promise<{ readonly done: number; readonly behind: number }> {
  const begun = performance.now();
  const running: Promise<void>[] = [];
  let behind = 0;
  const all = Math.round(perSecond * seconds);
  while (running.length < all) {
    const due = begun + (running.length * 1000) / perSecond;
    const now = performance.now();
    if (now < due) await delay(due - now);
    else if (now > due + 1000) behind += 1;
    running.push(work());
  }
  await Promise.all(running);
  return { done: all, behind };
}
