import type { DeliveredEvent } from '@tributary/contracts/commands';
import { messageWait } from './backoff.js';
import { Progress } from './Progress.js';
import type { Place, Tries } from './Progress.js';
import type { StoredProgress } from '../../storage/positionStatements.js';

/** What became of a message that was sent by itself. `trouble`: the receiver is, and everything waits. */
export type Sent = 'passed' | 'refused' | 'trouble';

export interface SideBySideOptions {
  /** Null: the page could not be read, and somebody has seen to it. */
  readonly read: (after: string) => Promise<{
    readonly events: readonly DeliveredEvent[];
    readonly end: Place;
    readonly hasNextPage: boolean;
  } | null>;
  /** What each event behind `after` is about, by its number: those of one wait for each other. */
  readonly lanesOf: (after: number, count: number) => Promise<ReadonlyMap<number, string>>;
  /** Waits until one more may be sent, and answers whether it had to wait. */
  readonly turn: () => Promise<boolean>;
  /** Writes how far it is, while the position is still held. Throws when it is not. */
  readonly keep: (stored: StoredProgress) => Promise<void>;
  /** Whether an event that was read is the position’s to send. */
  readonly isWanted: (sequence: number) => boolean;
  /** Sends one that was tried before as `tries` says. What it writes, it writes with the progress that `progress` then answers. */
  readonly send: (event: DeliveredEvent, tries: Tries, progress: (sent: Sent) => StoredProgress) => Promise<Sent>;
  readonly now: () => number;
  /** Until then new work is begun. */
  readonly until: number;
  /** How long a page may be sent from. */
  readonly pageAgeMs: number;
}

export interface RoundEnd {
  readonly stored: StoredProgress;
  /** `trouble`: it was written that everything waits. `unread`: somebody has seen to it. `behind`: all is done that can be done now. */
  readonly kind: 'trouble' | 'unread' | 'behind' | 'again';
  /** Whether there is nothing more up to the end of what can be read. */
  readonly isEnd: boolean;
}

const mostAtOnce = 16;
/** Past this many numbers nothing is begun while an older message waits: what was taken is remembered one by one. */
const mostAhead = 1_024;

/** One round: reads on from where a position stands, and sends what does not wait for each other side by side. */
export async function sendSideBySide(stored: StoredProgress, options: SideBySideOptions): Promise<RoundEnd> {
  const { now } = options;
  const progress = new Progress(stored);
  const first = await readOpen(stored, progress, options);
  if (!first) return { stored: progress.toStored(), kind: 'unread', isEnd: false };
  const { more, last } = first;
  let { readAt, open } = first;
  const names = await options.lanesOf(stored.seq, last - stored.seq);
  const numbers = [...open.keys()];
  const lanes = Map.groupBy(numbers, (sequence) => names.get(sequence) ?? String(sequence)).values();
  let [trouble, sentAny, halted, unread, lost] = [false, false, false, false, false];
  const mayGoOn = () => !trouble && !unread && !lost;
  let reading: Promise<void> | null = null;
  /** What waited for its turn for too long is read with the rights of now, once for all that wait. */
  const readAnew = async () => {
    const anew = await readOpen(progress.toStored(), null, options);
    if (anew) ({ readAt, open } = anew);
    else unread = true;
  };
  const worker = async () => {
    for (const lane of lanes) {
      for (const sequence of lane) {
        if (!progress.isDue(sequence, now())) break;
        if (!mayGoOn() || now() >= options.until) {
          halted = true;
          return;
        }
        if (await options.turn()) await options.keep(progress.toStored());
        if (mayGoOn() && now() - readAt > options.pageAgeMs)
          await (reading ??= readAnew().finally(() => (reading = null)));
        const event = open.get(sequence);
        // What is not there any more is passed over by the next round.
        if (!mayGoOn() || !event) {
          halted = true;
          return;
        }
        const tries = progress.triesOf(sequence);
        const sent = await options.send(event, tries, (became) => {
          const attempts = tries.attempts + 1;
          const refusals = tries.refusals + (became === 'refused' ? 1 : 0);
          if (became === 'passed') progress.pass(sequence);
          // While its receiver is in trouble everything waits, and not this one alone.
          else
            progress.hold({
              seq: sequence,
              refusals,
              attempts,
              dueAt: now() + (became === 'refused' ? messageWait(refusals)! : 0),
            });
          return progress.toStored();
        });
        sentAny = true;
        if (sent === 'trouble') trouble = true;
        if (sent !== 'passed') break;
      }
    }
  };
  const untilLost = () =>
    worker().catch((error: unknown) => {
      lost = true;
      throw error;
    });
  await Promise.all(Array.from({ length: mostAtOnce }, untilLost));
  const end = progress.toStored();
  if (trouble) return { stored: end, kind: 'trouble', isEnd: false };
  if (unread) return { stored: end, kind: 'unread', isEnd: false };
  return { stored: end, kind: halted || (sentAny && more) ? 'again' : 'behind', isEnd: !more && !progress.hasWaiting };
}

interface Open {
  /** By their numbers, in order. */
  readonly open: ReadonlyMap<number, DeliveredEvent>;
  readonly readAt: number;
  /** Whether there is more behind `last`. */
  readonly more: boolean;
  readonly last: number;
}

/** What is to be sent next, of as many pages as it takes; `progress` notes what was read. Null: a page could not be read. */
async function readOpen(
  from: StoredProgress,
  progress: Progress | null,
  { read, isWanted, now }: SideBySideOptions,
): Promise<Open | null> {
  const done = new Set(from.doneSeqs);
  const readAt = now();
  const later = new Set(from.waiting.filter(({ dueAt }) => dueAt > readAt).map(({ seq }) => seq));
  const open = new Map<number, DeliveredEvent>();
  let [cursor, more, last, ready] = [from.cursor, true, from.seq, 0];
  while (more && ready < 2 * mostAtOnce && last - from.seq < mostAhead) {
    const page = await read(cursor);
    if (!page) return null;
    const wanted = page.events.filter(({ sequence }) => isWanted(sequence));
    progress?.noteRead(wanted, page.end);
    for (const event of wanted.filter(({ sequence }) => sequence > from.seq && !done.has(sequence))) {
      open.set(event.sequence, event);
      if (!later.has(event.sequence)) ready += 1;
    }
    [cursor, more, last] = [page.end.cursor, page.hasNextPage, page.end.sequence];
  }
  return { open, readAt, more, last };
}
