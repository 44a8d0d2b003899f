import type { DeliveredEvent } from '@tributary/contracts/commands';
import { messageWait } from './backoff.js';
import { Progress } from './Progress.js';
import type { Place } from './Progress.js';
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
  /** Whether an event that was read is the position’s to send. */
  readonly isWanted: (sequence: number) => boolean;
  /** Sends one; `refusals` of it came before. What it writes, it writes with the progress that `progress` then answers. */
  readonly send: (event: DeliveredEvent, refusals: number, progress: (sent: Sent) => StoredProgress) => Promise<Sent>;
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
  const readAt = now();
  const open: DeliveredEvent[] = [];
  let [cursor, more, last] = [stored.cursor, true, stored.seq];
  while (more && open.length < 2 * mostAtOnce && last - stored.seq < mostAhead) {
    const page = await options.read(cursor);
    if (!page) return { stored: progress.toStored(), kind: 'unread', isEnd: false };
    const wanted = page.events.filter(({ sequence }) => options.isWanted(sequence));
    progress.noteRead(wanted, page.end);
    open.push(...wanted.filter(({ sequence }) => progress.isOpen(sequence)));
    [cursor, more, last] = [page.end.cursor, page.hasNextPage, page.end.sequence];
  }
  const names = await options.lanesOf(stored.seq, last - stored.seq);
  const lanes = Map.groupBy(open, ({ sequence }) => names.get(sequence) ?? String(sequence)).values();
  let [trouble, sentAny, halted] = [false, false, false];
  const mayGoOn = () => !trouble && now() < options.until && now() - readAt <= options.pageAgeMs;
  const worker = async () => {
    for (const lane of lanes) {
      for (const event of lane) {
        const { sequence } = event;
        if (!progress.isDue(sequence, now())) break;
        if (!mayGoOn()) {
          halted = true;
          return;
        }
        const refusals = progress.refusalsOf(sequence);
        const sent = await options.send(event, refusals, (became) => {
          if (became === 'passed') progress.pass(sequence);
          if (became === 'refused')
            progress.hold({ seq: sequence, refusals: refusals + 1, dueAt: now() + messageWait(refusals + 1)! });
          return progress.toStored();
        });
        sentAny = true;
        if (sent === 'trouble') trouble = true;
        if (sent !== 'passed') break;
      }
    }
  };
  await Promise.all(Array.from({ length: mostAtOnce }, worker));
  const end = progress.toStored();
  if (trouble) return { stored: end, kind: 'trouble', isEnd: false };
  return { stored: end, kind: halted || (sentAny && more) ? 'again' : 'behind', isEnd: !more && !progress.hasWaiting };
}
