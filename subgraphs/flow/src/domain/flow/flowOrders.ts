import type { FlowPosition } from '../../storage/flowListStatements.js';
import type { ShownFlow } from '../../storage/FlowRow.js';

export const flowOrders = ['CREATED_DESC', 'CREATED_ASC', 'NAME_ASC', 'NAME_DESC'] as const;
export type FlowOrder = (typeof flowOrders)[number];

interface PageOrder {
  /** A cursor belongs to one order, so each has a list name of its own. */
  readonly list: string;
  readonly valuesOf: (flow: ShownFlow) => [string | number, string];
  readonly read: (values: readonly unknown[]) => FlowPosition;
}

const byTime = {
  valuesOf: (flow: ShownFlow): [number, string] => [flow.createdAt.getTime(), flow.id],
  read: ([at, id]: readonly unknown[]): FlowPosition => ({ createdAt: new Date(Number(at)), id: String(id) }),
};
const byName = {
  valuesOf: (flow: ShownFlow): [string, string] => [flow.nameKey, flow.id],
  read: ([name, id]: readonly unknown[]): FlowPosition => ({ name: String(name), id: String(id) }),
};

export const pageOrders: Readonly<Record<FlowOrder, PageOrder>> = {
  CREATED_DESC: { list: 'flows', ...byTime },
  CREATED_ASC: { list: 'flows.createdAsc', ...byTime },
  NAME_ASC: { list: 'flows.nameAsc', ...byName },
  NAME_DESC: { list: 'flows.nameDesc', ...byName },
};
