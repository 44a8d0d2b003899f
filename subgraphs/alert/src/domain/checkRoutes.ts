import { CodedError } from '@tributary/contracts/errors';
import { uuidOf } from '@tributary/contracts/ids';
import type { RouteRow, RouteStep } from '../storage/RouteRow.js';
import { checkMatchers, isKnownLabel } from './alertMatchers.js';

/** What a route says, its channels by public id. */
export type RouteDefinition = Omit<RouteRow, 'workspaceId' | 'id' | 'position' | 'steps'> & {
  readonly steps: readonly RouteStep[];
};

const day = 86_400;
const mostRoutes = 50;
const mostSteps = 5;
const mostChannels = 10;
const mostLabels = 10;

const numbers = {
  groupWaitSeconds: [0, 3_600],
  groupIntervalSeconds: [10, day],
  repeatSeconds: [60, 30 * day],
} as const satisfies Partial<Record<keyof RouteDefinition, readonly [least: number, most: number]>>;

/** Throws INVALID_INPUT or QUOTA_EXCEEDED for routes that cannot be. `labels` are those of rules, `channels` the public ids that there are. */
export function checkRoutes(
  routes: readonly RouteDefinition[],
  labels: ReadonlySet<string>,
  channels: ReadonlySet<string>,
): void {
  if (routes.length > mostRoutes) {
    throw new CodedError('QUOTA_EXCEEDED', 'A workspace has 50 routes of alerts at most.', { limit: mostRoutes });
  }
  const names = new Set(routes.map(({ name }) => name));
  if (names.size < routes.length) throw wrong('routes', 'Two routes have one name. Name each by what it is for.');
  for (const [index, route] of routes.entries()) checkRoute(route, labels, channels, `routes.${index}`);
}

function checkRoute(
  route: RouteDefinition,
  labels: ReadonlySet<string>,
  channels: ReadonlySet<string>,
  place: string,
): void {
  const { name, groupBy, steps } = route;
  if (name.trim() === '' || name.length > 200 || name.includes('\0') || !name.isWellFormed())
    throw wrong(`${place}.name`, 'A route’s name has 1 to 200 characters, none of them NUL.');
  checkMatchers(route.matchers, labels, `${place}.matchers`);
  if (groupBy.length > mostLabels || new Set(groupBy).size < groupBy.length)
    throw wrong(`${place}.groupBy`, '`groupBy` names 10 labels at most, each once.');
  const unknown = groupBy.find((label) => !isKnownLabel(label, labels));
  if (unknown !== undefined)
    throw wrong(`${place}.groupBy`, `Alerts have no label “${unknown.slice(0, 100)}” to group by.`);
  for (const [field, [least, most]] of Object.entries(numbers) as [keyof typeof numbers, readonly [number, number]][]) {
    if (route[field] >= least && route[field] <= most) continue;
    throw wrong(
      `${place}.${field}`,
      `\`${field}\` must be ${least.toLocaleString('en')} to ${most.toLocaleString('en')}.`,
    );
  }
  checkSteps(steps, channels, `${place}.steps`);
}

function checkSteps(steps: readonly RouteStep[], channels: ReadonlySet<string>, place: string): void {
  if (steps.length === 0 || steps.length > mostSteps) throw wrong(place, 'A route has 1 to 5 steps.');
  for (const [index, { afterSeconds, channelIds }] of steps.entries()) {
    const before = steps[index - 1];
    const isFine = before ? afterSeconds >= before.afterSeconds + 30 && afterSeconds <= 7 * day : afterSeconds === 0;
    if (!isFine) {
      throw wrong(
        `${place}.${index}.afterSeconds`,
        'The first step is after 0 seconds; each other one at least 30 seconds behind the one before it, within 7 days.',
      );
    }
    if (channelIds.length === 0 || channelIds.length > mostChannels)
      throw wrong(`${place}.${index}.channelIds`, 'A step has 1 to 10 channels.');
    const unknown = channelIds.find((id) => uuidOf('channel', id) === null || !channels.has(id));
    if (unknown !== undefined) {
      throw wrong(
        `${place}.${index}.channelIds`,
        'This workspace has no such channel. `channels` lists those that it has.',
      );
    }
  }
}

function wrong(field: string, message: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field });
}
