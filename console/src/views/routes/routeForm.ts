import type { AlertRouteInput, AlertRoutesQuery } from '../../graph/generated/types';

export type Routes = NonNullable<AlertRoutesQuery['alertRoutes']>;
export type Route = Routes['routes'][number];

/** A step of the form: minutes are what people think in. */
export interface StepForm {
  readonly afterMinutes: string;
  readonly channelIds: readonly string[];
}

export interface MatcherForm {
  readonly label: string;
  /** Divided by commas. */
  readonly values: string;
}

export interface RouteForm {
  readonly name: string;
  readonly matchers: readonly MatcherForm[];
  readonly goOn: boolean;
  /** Divided by commas. */
  readonly groupBy: string;
  readonly groupWaitSeconds: number;
  readonly groupIntervalSeconds: number;
  readonly repeatSeconds: number;
  readonly steps: readonly StepForm[];
}

export const newRoute: RouteForm = {
  name: '',
  matchers: [],
  goOn: false,
  groupBy: 'ruleId',
  groupWaitSeconds: 30,
  groupIntervalSeconds: 300,
  repeatSeconds: 14_400,
  steps: [{ afterMinutes: '0', channelIds: [] }],
};

export function formOf(route: Route): RouteForm {
  return {
    ...route,
    matchers: route.matchers.map(({ label, values }) => ({ label, values: values.join(', ') })),
    groupBy: route.groupBy.join(', '),
    steps: route.steps.map(({ afterSeconds, channels }) => ({
      afterMinutes: String(afterSeconds / 60),
      channelIds: (channels ?? []).map(({ id }) => id),
    })),
  };
}

/** What the form says, as the graph takes it; null while something is missing. */
export function inputOf(form: RouteForm): AlertRouteInput | null {
  const steps = form.steps.map(({ afterMinutes, channelIds }, index) => ({
    afterSeconds: index === 0 ? 0 : Math.round(Number(afterMinutes) * 60),
    channelIds: [...channelIds],
  }));
  const isWhole = steps.every(({ afterSeconds, channelIds }) => Number.isFinite(afterSeconds) && channelIds.length > 0);
  if (form.name.trim() === '' || !isWhole) return null;
  return {
    name: form.name.trim(),
    matchers: form.matchers
      .map(({ label, values }) => ({ label: label.trim(), values: words(values) }))
      .filter(({ label, values }) => label !== '' && values.length > 0),
    goOn: form.goOn,
    groupBy: words(form.groupBy),
    groupWaitSeconds: form.groupWaitSeconds,
    groupIntervalSeconds: form.groupIntervalSeconds,
    repeatSeconds: form.repeatSeconds,
    steps,
  };
}

/** A route as it stands, to be sent back with the list that it is part of. Steps whose channels are all gone are left out. */
export function unchanged(route: Route): AlertRouteInput {
  const { name, goOn, groupBy, groupWaitSeconds, groupIntervalSeconds, repeatSeconds, matchers } = route;
  return {
    name,
    goOn,
    groupBy: [...groupBy],
    groupWaitSeconds,
    groupIntervalSeconds,
    repeatSeconds,
    matchers: matchers.map(({ label, values }) => ({ label, values: [...values] })),
    steps: route.steps
      .map(({ afterSeconds, channels }) => ({ afterSeconds, channelIds: (channels ?? []).map(({ id }) => id) }))
      .filter(({ channelIds }) => channelIds.length > 0)
      .map((step, index) => (index === 0 ? { ...step, afterSeconds: 0 } : step)),
  };
}

/** Texts with commas between. */
function words(text: string): string[] {
  return text
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);
}

/** The list with one item moved by a step; itself where it cannot go further. */
export function moved<Item>(items: readonly Item[], index: number, by: -1 | 1): readonly Item[] {
  const to = index + by;
  if (to < 0 || to >= items.length) return items;
  const next = [...items];
  [next[index], next[to]] = [next[to]!, next[index]!];
  return next;
}
