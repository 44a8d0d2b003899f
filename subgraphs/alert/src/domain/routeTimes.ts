import type { RouteRow } from '../storage/RouteRow.js';
import type { RouteTimes } from './decideGroup.js';

/** When a route tells, in milliseconds. */
export function routeTimes(
  route: Pick<RouteRow, 'groupWaitSeconds' | 'groupIntervalSeconds' | 'repeatSeconds' | 'steps'>,
): RouteTimes {
  return {
    groupWaitMs: route.groupWaitSeconds * 1_000,
    groupIntervalMs: route.groupIntervalSeconds * 1_000,
    repeatMs: route.repeatSeconds * 1_000,
    stepsAfterMs: route.steps.map(({ afterSeconds }) => afterSeconds * 1_000),
  };
}
