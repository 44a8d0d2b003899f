import type { Acknowledged, Delivery, Logged, ReaderHistory, StreamName } from './History.ts';

export type FaultOfHistory =
  /** A number that a reader should have seen and never did. */
  | 'lost'
  | 'twice'
  | 'out of order'
  /** A write was acknowledged, and the log or a reader does not have it. */
  | 'acknowledged but absent'
  /** One write left several events. */
  | 'done twice'
  /** An event of another workspace or stream. */
  | 'foreign'
  /** An event that differs from the log, or names another event before it than the reader has seen. */
  | 'not as logged'
  | 'reset without need'
  | 'ended with an error'
  | 'gap in the log';

export interface Finding {
  readonly fault: FaultOfHistory;
  readonly where: string;
}

export interface CheckedHistory {
  readonly readers: readonly ReaderHistory[];
  readonly acknowledged: readonly Acknowledged[];
  readonly log: ReadonlyMap<StreamName, readonly Logged[]>;
}

/** Holds what readers saw and writers were told against the log. An empty answer is the promise kept. */
export function checkHistory({ readers, acknowledged, log }: CheckedHistory): Finding[] {
  const workspaces = new Map<string, string>();
  for (const [stream, events] of log) for (const event of events) workspaces.set(event.identity, workspaceOf(stream));
  return [
    ...checkLog(log),
    ...readers.flatMap((reader) => checkReader(reader, log.get(reader.stream) ?? [], workspaces)),
    ...checkAcknowledged(acknowledged, readers, log),
  ];
}

/** Whether some reader has been given a number without the one before it: for a look at a history that is still being made. */
export function hasLeftOut(readers: readonly ReaderHistory[]): boolean {
  // Without a log nothing is owed to anybody behind what has come.
  const soFar = readers.flatMap((reader) => checkReader(reader, [], new Map()));
  return soFar.some(({ fault }) => fault === 'lost' || fault === 'out of order');
}

function checkLog(log: CheckedHistory['log']): Finding[] {
  const found: Finding[] = [];
  for (const [stream, events] of log) {
    const seen = new Set<string>();
    events.forEach((event, index) => {
      if (event.sequence !== index + 1) found.push({ fault: 'gap in the log', where: `${stream} ${event.sequence}` });
      if (seen.has(event.identity)) found.push({ fault: 'done twice', where: `${stream} ${event.identity}` });
      seen.add(event.identity);
    });
  }
  return found;
}

function checkReader(
  reader: ReaderHistory,
  log: readonly Logged[],
  /** Of each event of the log. */
  workspaces: ReadonlyMap<string, string>,
): Finding[] {
  const found: Finding[] = [];
  const report = (fault: FaultOfHistory, detail: number | string) =>
    found.push({ fault, where: `${reader.name} (${reader.kind}) ${reader.stream} ${detail}` });
  const own = workspaceOf(reader.stream);
  const seen = new Set<number>();
  const missing = new Set<number>();
  let last: Delivery | null = null;
  let reached = 0;
  for (const delivery of reader.deliveries) {
    const { sequence, type } = delivery;
    if (type.startsWith('stream.')) {
      if (last) report(type === 'stream.bookmark' ? 'not as logged' : 'reset without need', sequence);
      reached = Math.max(reached, sequence);
      last = delivery;
      continue;
    }
    if (seen.has(sequence)) report('twice', sequence);
    else if (sequence <= reached) report('out of order', sequence);
    for (let number = reached + 1; number < sequence; number += 1) missing.add(number);
    missing.delete(sequence);
    seen.add(sequence);
    reached = Math.max(reached, sequence);
    if (log[sequence - 1]?.identity !== delivery.identity) {
      const workspace = workspaces.get(delivery.identity) ?? own;
      report(workspace === own ? 'not as logged' : 'foreign', `${sequence}: ${delivery.identity}`);
    }
    if (last && delivery.previousCursor !== last.cursor) report('not as logged', `${sequence} follows something else`);
    last = delivery;
  }
  if (reader.ended !== null) report('ended with an error', reader.ended);
  for (let number = reached + 1; number <= log.length; number += 1) missing.add(number);
  for (const number of missing) report('lost', number);
  return found;
}

function workspaceOf(stream: StreamName): string {
  return stream.slice(0, stream.indexOf('/'));
}

function checkAcknowledged(
  acknowledged: readonly Acknowledged[],
  readers: readonly ReaderHistory[],
  log: CheckedHistory['log'],
): Finding[] {
  const found: Finding[] = [];
  const numbers = new Map<StreamName, Map<string, number>>();
  for (const [stream, events] of log)
    numbers.set(stream, new Map(events.map((event) => [event.identity, event.sequence])));
  const watching = Map.groupBy(readers, (reader) => reader.stream);
  const seenBy = new Map(readers.map((reader) => [reader, new Set(reader.deliveries.map((each) => each.sequence))]));
  for (const { stream, identity } of acknowledged) {
    const sequence = numbers.get(stream)?.get(identity);
    if (sequence === undefined) {
      found.push({ fault: 'acknowledged but absent', where: `${stream} ${identity}, from the log` });
      continue;
    }
    for (const reader of watching.get(stream) ?? []) {
      // What was there when it began, its snapshot told.
      const begun = reader.deliveries[0]?.sequence ?? 0;
      if (sequence > begun && !seenBy.get(reader)!.has(sequence))
        found.push({ fault: 'acknowledged but absent', where: `${stream} ${identity}, from ${reader.name}` });
    }
  }
  return found;
}
