import type { Taken } from './DrawnReceiver.ts';

export interface Verdict {
  readonly lost: number;
  readonly outOfOrder: number;
  /** Came again under another id than the first time. */
  readonly otherId: number;
  readonly duplicates: number;
}

/** Holds what a receiver took against the numbers that its webhook had to send, in their order. */
export function checkTaken(taken: readonly Taken[], expected: readonly number[]): Verdict {
  const ids = new Map<number, string>();
  let [highest, outOfOrder, otherId, duplicates] = [0, 0, 0, 0];
  for (const { sequence, id } of taken) {
    const known = ids.get(sequence);
    if (known === undefined) {
      if (sequence < highest) outOfOrder += 1;
      ids.set(sequence, id);
      highest = Math.max(highest, sequence);
      continue;
    }
    duplicates += 1;
    if (known !== id) otherId += 1;
  }
  const answered = new Set(taken.filter((each) => each.answered).map(({ sequence }) => sequence));
  const lost = expected.filter((sequence) => !answered.has(sequence)).length;
  return { lost, outOfOrder, otherId, duplicates };
}
