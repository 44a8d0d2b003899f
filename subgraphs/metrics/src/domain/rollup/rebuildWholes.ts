import { setTimeout as delay } from 'node:timers/promises';
import type { Database, TenantScope, WorkspaceTransaction } from '@tributary/data';
import { holdRetention } from '../../storage/retentionStatements.js';
import { beginRollup, holdRollup } from '../../storage/rollup/position.js';
import {
  addToWholes,
  allIds,
  deleteWholes,
  nextOfWholes,
  nextWholes,
  storedWholes,
} from '../../storage/rollup/wholeStatements.js';
import type { FoundWhole, IdRange, Whole } from '../../storage/rollup/wholeStatements.js';

export interface RebuiltWholes {
  /** How many were made anew, or taken away since they have no traces. */
  readonly rebuilt: number;
  /** How many stay as they are: they count traces that are no longer kept. */
  readonly kept: number;
}

/** Sessions or flows that are looked for at once, and traces that one transaction and one statement take in, but for a single one of more. */
const wholesOfSlice = 500;
const tracesOfSlice = 50_000;
const patienceMs = 100;

/**
 * Makes the totals of sessions or flows anew from their traces, some in a transaction: whoever reads meanwhile sees each as it was or as it
 * will be. Of `range` it takes those with traces in it; null takes all, also those that have no traces.
 */
export async function rebuildWholes(
  database: Database,
  scope: TenantScope,
  whole: Whole,
  range: IdRange | null,
): Promise<RebuiltWholes> {
  let [rebuilt, kept, after] = [0, 0, ''];
  for (;;) {
    const next = await database.read(scope, nextWholes(whole, after, range ?? allIds, range === null, wholesOfSlice));
    const slice = withinSlice(next);
    if (slice.length === 0) return { rebuilt, kept };
    const staying = await database.withWorkspace(scope, (transaction) => rebuildHeld(transaction, whole, slice));
    if (staying === 'busy') {
      await delay(patienceMs);
      continue;
    }
    kept += staying;
    rebuilt += slice.length - staying;
    after = slice.at(-1)!;
  }
}

/** As many of the first as have few enough traces, one at least. */
function withinSlice(found: readonly FoundWhole[]): string[] {
  let traces = 0;
  const behind = found.findIndex((each) => (traces += each.traces) > tracesOfSlice);
  return found.slice(0, behind === -1 ? found.length : Math.max(1, behind)).map(({ key }) => key);
}

/** Answers how many stay as they are. */
async function rebuildHeld(
  transaction: WorkspaceTransaction,
  whole: Whole,
  slice: readonly string[],
): Promise<number | 'busy'> {
  await transaction.queryOne(holdRetention());
  await transaction.query(beginRollup());
  if ((await transaction.queryOne(holdRollup())) === null) return 'busy';
  await transaction.query(deleteWholes(whole, slice));
  const staying = new Set(await transaction.query(storedWholes(whole, slice)));
  const anew = slice.filter((key) => !staying.has(key));
  let after = allIds.first;
  for (;;) {
    const last = await transaction.queryOne(nextOfWholes(whole, anew, after, tracesOfSlice));
    if (last === null) return staying.size;
    await transaction.query(addToWholes(whole, anew, after, last));
    after = last;
  }
}
