import type { TakenRequest } from './DrawnReceiver.ts';
import { isTaken, splitsBatches } from './drawnAnswers.ts';

export type Ordering = 'STREAM' | 'ENTITY' | 'NONE';

/** How often each promise was broken to one webhook, and how often it was told again, which is none. */
export interface Verdict {
  /** Neither taken nor a dead letter. */
  readonly lost: number;
  readonly outOfOrder: number;
  /** Came again under another id than the first time. */
  readonly otherId: number;
  /** Came again with other events in its batch. */
  readonly otherBatch: number;
  /** Said that it follows another number than the one that was taken before, or none. */
  readonly wrongPrevious: number;
  /** Dead letters of what the receiver never gave up. */
  readonly wronglyDead: number;
  readonly duplicates: number;
  /** Came without what could not be read for two seconds. */
  readonly partial: number;
}

/** Holds what a receiver was sent against the numbers that its webhook had to send. */
export function checkTaken(
  requests: readonly TakenRequest[],
  expected: readonly number[],
  { ordering, letters }: { readonly ordering: Ordering; readonly letters: ReadonlySet<number> },
): Verdict {
  const taken = sequencesOf(requests.filter(({ answer }) => isTaken(answer)));
  const aborted = sequencesOf(requests.filter(({ answer }) => answer === 'abort-message'));
  return {
    lost: expected.filter((sequence) => !taken.has(sequence) && !letters.has(sequence)).length,
    outOfOrder: outOfOrder(requests, ordering),
    otherId: otherIds(requests),
    otherBatch: ordering === 'STREAM' ? otherBatches(requests) : 0,
    wrongPrevious: ordering === 'STREAM' ? wrongPrevious(requests) : 0,
    wronglyDead: [...letters].filter((sequence) => !aborted.has(sequence)).length,
    partial: requests.flatMap(({ events }) => events).filter(({ flowId }) => flowId === null).length,
    duplicates:
      requests.reduce((sum, { events }) => sum + events.length, 0) -
      new Set(requests.flatMap(({ events }) => events.map(({ sequence }) => sequence))).size,
  };
}

/** An event that comes for the first time behind a later one of its line. */
function outOfOrder(requests: readonly TakenRequest[], ordering: Ordering): number {
  if (ordering === 'NONE') return 0;
  const seen = new Set<number>();
  const highest = new Map<string, number>();
  let count = 0;
  for (const { sequence, flowId } of requests.flatMap(({ events }) => events)) {
    if (seen.has(sequence)) continue;
    seen.add(sequence);
    const line = ordering === 'STREAM' ? '' : flowId;
    if (line === null) continue;
    if (sequence < (highest.get(line) ?? 0)) count += 1;
    highest.set(line, Math.max(sequence, highest.get(line) ?? 0));
  }
  return count;
}

function otherIds(requests: readonly TakenRequest[]): number {
  const ids = new Map<number, string>();
  let count = 0;
  for (const { id, events } of requests) {
    const { sequence } = events.at(-1)!;
    if ((ids.get(sequence) ?? id) !== id) count += 1;
    ids.set(sequence, ids.get(sequence) ?? id);
  }
  return count;
}

function otherBatches(requests: readonly TakenRequest[]): number {
  let count = 0;
  for (const [index, { events }] of requests.entries()) {
    const before = requests[index - 1];
    if (!before || before.events[0]!.sequence !== events[0]!.sequence || splitsBatches(before.answer)) continue;
    // Alone since a batch was refused: there is nothing of it to be changed.
    if (before.events.at(-1)!.sequence !== events.at(-1)!.sequence) count += 1;
  }
  return count;
}

/** Not the number that was taken before: of a batch the one in front of it, and of its first one the highest of those below it. */
function wrongPrevious(requests: readonly TakenRequest[]): number {
  const taken: number[] = [];
  let count = 0;
  for (const { answer, events } of requests) {
    for (const [index, { sequence, previousSequence }] of events.entries()) {
      const before = events[index - 1]?.sequence ?? taken.findLast((each) => each < sequence) ?? null;
      if (previousSequence !== before) count += 1;
    }
    if (isTaken(answer))
      taken.push(...events.map(({ sequence }) => sequence).filter((each) => each > (taken.at(-1) ?? 0)));
  }
  return count;
}

function sequencesOf(requests: readonly TakenRequest[]): ReadonlySet<number> {
  return new Set(requests.flatMap(({ events }) => events.map(({ sequence }) => sequence)));
}
