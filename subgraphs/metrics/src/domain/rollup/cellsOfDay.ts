import type { Statement, WorkspaceTransaction } from '@tributary/data';
import type { Grain } from '../../storage/rollup/grain.js';
import type { Level } from '../../storage/rollup/groupings.js';
import { cellsFromTraces } from '../../storage/rollup/rebuildStatements.js';
import { nextTraces } from '../../storage/rollup/sealStatements.js';
import { firstIdAt } from '../../storage/traceId.js';

const tracesOfStep = 50_000;

/** The levels that a day of this grain has cells at. */
function levelsOf(grain: Grain): readonly Level[] {
  if (grain === 'RAW') return [];
  return grain === 'FIVE_MINUTES' ? ['HOUR', 'FIVE_MINUTES'] : ['HOUR'];
}

/** Makes a day's cells of hours and five minutes from its traces, where `has`, the grain that it has cells of, lacks them. */
export async function cellsOfDay(
  transaction: WorkspaceTransaction,
  day: string,
  grain: Grain,
  has: Grain = 'RAW',
): Promise<void> {
  const there = levelsOf(has);
  for (const level of levelsOf(grain).filter((each) => !there.includes(each)))
    await inSteps(transaction, day, (after, last) => cellsFromTraces(after, last, grain, level));
}

/** Runs a statement over a day's traces, behind one id up to another, so many at once that none takes too long. */
export async function inSteps(
  transaction: WorkspaceTransaction,
  day: string,
  step: (after: string, last: string) => Statement,
): Promise<void> {
  const begin = new Date(`${day}T00:00:00.000Z`);
  const end = firstIdAt(new Date(begin.getTime() + 86_400_000));
  let after = firstIdAt(begin);
  for (;;) {
    const next = await transaction.queryOne(nextTraces(after, end, tracesOfStep));
    if (!next) return;
    await transaction.query(step(after, next.last));
    after = next.last;
  }
}
