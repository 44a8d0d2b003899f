import { describe, expect, test } from '@jest/globals';
import type { DeliveredEvent } from '@tributary/contracts/commands';
import type { Tries } from '../src/domain/delivery/Progress.js';
import { sendSideBySide } from '../src/domain/delivery/SideBySide.js';
import type { Sent, SideBySideOptions } from '../src/domain/delivery/SideBySide.js';
import type { StoredProgress } from '../src/storage/positionStatements.js';

const pageAgeMs = 1_500;
const eventOf = (sequence: number): DeliveredEvent => ({
  sequence,
  cursor: `c${sequence}`,
  type: 'flow.created',
  occurredAt: '2026-11-28T12:00:00.000Z',
  data: {},
});
const start: StoredProgress = { seq: 0, cursor: 'c0', doneSeqs: [], waiting: [] };

/** A log of so many events in pages of ten, a clock that waiting for a turn moves, and what was sent when. */
class Log {
  now = 0;
  readonly sent: { readonly sequence: number; readonly tries: Tries; readonly readAt: number; readonly at: number }[] =
    [];
  readonly kept: StoredProgress[] = [];
  /** Numbers that whoever reads may see. */
  mayRead = (_sequence: number) => true;
  turnMs = 0;
  become: Sent = 'passed';
  canRead = true;
  private readAt = new Map<number, number>();

  constructor(private readonly events: number) {}

  run(stored: StoredProgress = start): ReturnType<typeof sendSideBySide> {
    const options: SideBySideOptions = {
      read: (after) => {
        if (!this.canRead) return Promise.resolve(null);
        const from = Number(after.slice(1));
        const to = Math.min(from + 10, this.events);
        const events = Array.from({ length: to - from }, (_, index) => eventOf(from + index + 1)).filter(
          ({ sequence }) => this.mayRead(sequence),
        );
        for (const { sequence } of events) this.readAt.set(sequence, this.now);
        return Promise.resolve({
          events,
          end: { sequence: to, cursor: `c${to}` },
          hasNextPage: to < this.events,
        });
      },
      lanesOf: () => Promise.resolve(new Map()),
      turn: () => {
        this.now += this.turnMs;
        return Promise.resolve(this.turnMs > 0);
      },
      keep: (progress) => {
        this.kept.push(progress);
        return Promise.resolve();
      },
      isWanted: () => true,
      send: ({ sequence }, tries, progress) => {
        this.sent.push({ sequence, tries, readAt: this.readAt.get(sequence)!, at: this.now });
        progress(this.become);
        return Promise.resolve(this.become);
      },
      now: () => this.now,
      until: 60_000,
      pageAgeMs,
    };
    return sendSideBySide(stored, options);
  }

  get numbers(): number[] {
    return this.sent.map(({ sequence }) => sequence).sort((one, other) => one - other);
  }
}

describe('messages side by side', () => {
  test('that wait for their turn are read anew before they are sent, however long that is', async () => {
    const log = new Log(30);
    log.turnMs = 1_000;
    const { stored } = await log.run();
    expect(log.numbers).toHaveLength(30);
    expect(log.sent.filter(({ readAt, at }) => at - readAt > pageAgeMs)).toEqual([]);
    expect(stored.seq).toBe(30);
  });

  test('that may not be read any more when their turn comes are not sent', async () => {
    const log = new Log(20);
    log.turnMs = 1_000;
    log.mayRead = (sequence) => log.now < 3_000 || sequence > 10;
    await log.run();
    expect(log.sent.filter(({ sequence, at }) => sequence <= 10 && at > 3_000 + pageAgeMs)).toEqual([]);
  });

  test('write that the position is still held whenever they had to wait', async () => {
    const log = new Log(5);
    await log.run();
    expect(log.kept).toEqual([]);
    log.turnMs = 10;
    await log.run();
    expect(log.kept).toHaveLength(5);
  });

  test('that were sent stay sent when a page cannot be read behind them', async () => {
    const log = new Log(30);
    log.turnMs = 400;
    const send = log.sent.push.bind(log.sent);
    log.sent.push = (...those) => {
      if (log.sent.length === 2) log.canRead = false;
      return send(...those);
    };
    const { kind, stored } = await log.run();
    expect(kind).toBe('unread');
    expect(log.numbers).toEqual(Array.from({ length: stored.seq }, (_, index) => index + 1));
    expect(stored.seq).toBeGreaterThan(1);
  });

  test('count how often each was sent, while its receiver was in trouble, too', async () => {
    const log = new Log(2);
    log.become = 'trouble';
    const first = await log.run();
    log.become = 'passed';
    // As it was written before what was sent was counted.
    const refused = { seq: 2, refusals: 1, dueAt: 0 };
    await log.run({ ...first.stored, waiting: [...first.stored.waiting.filter(({ seq }) => seq === 1), refused] });
    expect(log.sent.map(({ sequence, tries }) => [sequence, tries])).toEqual([
      [1, { refusals: 0, attempts: 0 }],
      [2, { refusals: 0, attempts: 0 }],
      [1, { refusals: 0, attempts: 1 }],
      [2, { refusals: 1, attempts: 1 }],
    ]);
  });

  test('go on while many before them wait to be tried again', async () => {
    const log = new Log(60);
    const waiting = Array.from({ length: 40 }, (_, index) => ({ seq: index + 1, refusals: 1, dueAt: 90_000 }));
    await log.run({ ...start, waiting });
    expect(log.numbers).toEqual(Array.from({ length: 20 }, (_, index) => 41 + index));
  });
});
