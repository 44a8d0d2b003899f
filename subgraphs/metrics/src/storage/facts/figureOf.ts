import { heavy, planOnce } from '@tributary/data';
import type { Statement } from '@tributary/data';
import type { Facts } from './facts.js';

/**
 * A statement over facts. Where cells are read its plan is the same for all values: what is read is found by keys, range by range. Planning
 * it anew for each question, over all partitions, costs as much as answering it. Where traces alone are read, their filters decide.
 */
export function figureOf<Result>({ areTraces }: Facts, statement: Statement<Result>): Statement<Result> {
  return heavy(areTraces ? statement : planOnce(statement));
}
