import { duration } from '../../words/format';
import { say } from '../../words/say';
import type { Route } from './routeForm';

const labelNames = { ruleId: 'rule', severity: 'severity', metric: 'figure', key: 'group', flowId: 'flow' } as const;

/** What a person calls a label of alerts: of those that the graph gives itself; what rules add is called as they do. */
function labelName(name: string): string {
  return name in labelNames ? say(labelNames[name as keyof typeof labelNames]) : name;
}

/** How alerts of a route are told together and again. */
export function howItTells(route: Route): string {
  const groups =
    route.groupBy.length === 0
      ? say('all together')
      : say('together by {labels}', { labels: route.groupBy.map(labelName).join(', ') });
  return [
    groups,
    route.groupWaitSeconds === 0
      ? say('told at once')
      : say('waits {time} for others', { time: duration(route.groupWaitSeconds * 1_000) }),
    say('again after {time}', { time: duration(route.repeatSeconds * 1_000) }),
  ].join(' · ');
}

/** When a step is taken. */
export function whenStep(afterSeconds: number): string {
  return afterSeconds === 0
    ? say('at once')
    : say('after {time}, while nobody has acknowledged', { time: duration(afterSeconds * 1_000) });
}
