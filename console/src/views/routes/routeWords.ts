import { duration } from '../../words/format';
import { say } from '../../words/say';
import type { Route } from './routeForm';

/** How alerts of a route are told together and again. */
export function howItTells(route: Route): string {
  const groups =
    route.groupBy.length === 0
      ? say('all together')
      : say('together by {labels}', { labels: route.groupBy.join(', ') });
  return [
    groups,
    say('waits {time} for others', { time: duration(route.groupWaitSeconds * 1_000) }),
    say('again after {time}', { time: duration(route.repeatSeconds * 1_000) }),
  ].join(' · ');
}

/** When a step is taken. */
export function whenStep(afterSeconds: number): string {
  return afterSeconds === 0
    ? say('at once')
    : say('after {time}, while nobody has acknowledged', { time: duration(afterSeconds * 1_000) });
}
