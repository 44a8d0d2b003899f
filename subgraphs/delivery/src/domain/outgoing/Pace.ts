import { setTimeout as delay } from 'node:timers/promises';

/** Lets so many begin in a second, one after the other, and makes the others wait. */
export class Pace {
  private readonly next = new Map<string, number>();

  /** Answers whether there was anything to wait for. */
  async wait(key: string, perSecond: number): Promise<boolean> {
    const now = performance.now();
    const turn = Math.max(now, this.next.get(key) ?? 0);
    this.next.set(key, turn + 1_000 / perSecond);
    if (this.next.size > 10_000) this.forget(now);
    if (turn <= now) return false;
    await delay(turn - now);
    return true;
  }

  private forget(now: number): void {
    for (const [key, at] of this.next) if (at < now) this.next.delete(key);
  }
}
