import { createHash } from 'node:crypto';
import type { GroupId } from '../storage/groupStatements.js';
import type { RouteRow } from '../storage/RouteRow.js';
import type { MatchedAlert } from '../storage/silenceStatements.js';
import { isMatched, labelOf } from './alertMatchers.js';

/** A group that an alert is told in. */
export interface Routed extends GroupId {
  readonly route: RouteRow;
  /** What its alerts have in common, by label; null: they do not say it. */
  readonly labels: Readonly<Record<string, string | null>>;
}

/** The routes that take an alert, in their order: the first that matches, and those behind it while they say to go on. */
export function routesOf(routes: readonly RouteRow[], alert: MatchedAlert): RouteRow[] {
  const taken: RouteRow[] = [];
  for (const route of routes) {
    if (!isMatched(route.matchers, alert)) continue;
    taken.push(route);
    if (!route.goOn) break;
  }
  return taken;
}

/** The groups that an alert is told in, one for each route that takes it. */
export function groupsFor(routes: readonly RouteRow[], alert: MatchedAlert): Routed[] {
  return routesOf(routes, alert).map((route) => {
    const labels = Object.fromEntries(route.groupBy.map((label) => [label, labelOf(alert, label)]));
    const groupKey = createHash('sha256').update(JSON.stringify(labels)).digest('hex').slice(0, 32);
    return { route, routeId: route.id, groupKey, labels };
  });
}

/** Says which group it is, among all of a workspace. */
export function keyOfGroup({ routeId, groupKey }: GroupId): string {
  return `${routeId}/${groupKey}`;
}
