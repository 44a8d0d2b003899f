import { CodedError } from '@tributary/contracts/errors';
import { positionAfter } from '@tributary/data';
import type { TracePosition } from '../storage/traceStatements.js';
import type { TraceRow } from '../storage/TraceRow.js';

export const traceOrders = ['STARTED_DESC', 'DURATION_DESC', 'COST_DESC'] as const;
export type TraceOrder = (typeof traceOrders)[number];

interface PageOrder {
  /** A cursor belongs to one order, so each has a list name of its own. */
  readonly list: string;
  readonly valueOf: (trace: TraceRow) => number;
  readonly fits: (value: number) => boolean;
}

const isAmount = (value: number) => Number.isFinite(value) && value >= 0;

const orders: Readonly<Record<TraceOrder, PageOrder>> = {
  STARTED_DESC: {
    list: 'trace',
    valueOf: ({ startedAt }) => startedAt.getTime(),
    // What a Date and PostgreSQL can both hold.
    fits: (value) => value >= 0 && value <= 8.64e15,
  },
  DURATION_DESC: { list: 'trace.duration', valueOf: ({ durationMs }) => durationMs, fits: isAmount },
  COST_DESC: { list: 'trace.cost', valueOf: ({ costUsd }) => Math.round(costUsd * 1e9), fits: isAmount },
};

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a list of traces in this order is called in its cursors, and the values that they hold. */
export function cursorsOf(order: TraceOrder): {
  readonly list: string;
  readonly sortValues: (trace: TraceRow) => [number, string];
} {
  const { list, valueOf } = orders[order];
  return { list, sortValues: (trace) => [valueOf(trace), trace.id] };
}

/** Where a cursor stands; the text may have been made up. Throws INVALID_INPUT for one of another list. */
export function readTracePosition(order: TraceOrder, after: string | null): TracePosition | null {
  const { list, fits } = orders[order];
  const position = positionAfter(list, after, 2);
  if (!position) return null;
  const [value, id] = position;
  if (typeof value !== 'number' || !fits(value) || typeof id !== 'string' || !uuid.test(id)) {
    throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
      field: 'after',
    });
  }
  return { value, id };
}
