import { setTimeout as delay } from 'node:timers/promises';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database, Statement } from '@tributary/data';

const patienceMs = 3_500;
const lookMs = 100;

/** What came of a test that the part that dials out was asked for: the row that it leaves. Null: nothing so far. */
export async function waitForTest<Row>(
  database: Database,
  context: RequestContext,
  trace: Statement<Row>,
): Promise<Row | null> {
  const until = performance.now() + Math.min(patienceMs, context.deadline.remaining() - 2 * lookMs);
  while (performance.now() < until) {
    await delay(lookMs);
    const [row] = await database.read(scopeOf(context), trace);
    if (row) return row;
  }
  return null;
}
