import type { Finding } from './checkHistory.ts';
import type { Delivery, Logged, ReaderHistory, StreamName } from './History.ts';

const parts = ['flows', 'alerts'] as const;

/**
 * What a reader of the activity saw, as if it had read each of its streams by itself: so all that is held against those is held against it. How
 * they lie among each other no log tells; that each event follows the one before, and where the first stands, is looked at here.
 */
export function takeApart(
  reader: ReaderHistory,
  log: ReadonlyMap<StreamName, readonly Logged[]>,
): { readonly readers: ReaderHistory[]; readonly findings: Finding[] } {
  const findings: Finding[] = [];
  const report = (fault: Finding['fault'], detail: string) =>
    findings.push({ fault, where: `${reader.name} (${reader.kind}) ${reader.stream} ${detail}` });
  const workspace = reader.stream.slice(0, reader.stream.indexOf('/'));
  let last: Delivery | null = null;
  for (const delivery of reader.deliveries) {
    if (delivery.type === 'stream.reset' && last) report('reset without need', String(delivery.sequence));
    else if (last && delivery.previousCursor !== last.cursor)
      report('not as logged', `${delivery.sequence} follows something else`);
    last = delivery;
  }
  const begun = reader.deliveries[0]?.sequence ?? 0;
  let firsts = 0;
  const readers = parts.map((part): ReaderHistory => {
    const logged = log.get(`${workspace}/${part}`) ?? [];
    const known = new Map(logged.map((event) => [event.told, event]));
    const told = reader.deliveries.filter(({ identity }) => identity.startsWith(`${part} `));
    const events = told.map((delivery) => {
      const event = known.get(delivery.identity);
      if (!event) report('not as logged', delivery.identity);
      return event;
    });
    const first = events.length === 0 ? logged.length : Math.min(...events.map((event) => (event?.sequence ?? 1) - 1));
    firsts += first;
    const at = (sequence: number, before: number | null, type: string, identity: string): Delivery => {
      return {
        sequence,
        cursor: String(sequence),
        previousCursor: before === null ? null : String(before),
        type,
        identity,
      };
    };
    const deliveries = [at(first, null, 'stream.snapshot', '')];
    for (const [index, event] of events.entries())
      if (event) deliveries.push(at(event.sequence, deliveries.at(-1)!.sequence, told[index]!.type, event.identity));
    return { ...reader, stream: `${workspace}/${part}`, deliveries };
  });
  if (firsts !== begun) report('lost', `between ${begun}, where it began, and ${firsts}, what it was told first`);
  return { readers, findings };
}
