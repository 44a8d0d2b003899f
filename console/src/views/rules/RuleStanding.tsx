'use client';
import { Link } from '../../host/navigation';
import { RuleInstances } from '../../graph/generated/operations';
import { useGraph } from '../../graph/useGraph';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { Badge, type Tone } from '../../ui/Badge';
import { count, label, metricValue } from '../../words/format';
import { RuleHealthBadge } from './RuleHealthBadge';
import type { Rule } from './ruleForm';
import { say, sayWith } from '../../words/say';

const tones: Readonly<Record<string, Tone>> = { FIRING: 'bad', PENDING: 'warn', RECOVERING: 'busy', OK: 'good' };

/** Whether the rule is evaluated, and where it stands with each of its groups. */
export function RuleStanding({ rule }: { readonly rule: Rule }) {
  const { health } = rule;
  const query = useGraph(RuleInstances, { id: rule.id }, { refetchInterval: 10_000 });
  const gaps = [
    health.skippedTicks > 0 &&
      say('{skippedTicks} evaluations were missed for too long to be made up for.', {
        skippedTicks: count(health.skippedTicks),
      }),
    health.lateIgnored > 0 &&
      say('{lateIgnored} minutes of data came too late to be looked at again.', {
        lateIgnored: count(health.lateIgnored),
      }),
    health.droppedGroups > 0 &&
      say('{droppedGroups} groups have no alert: the rule has as many as it may.', {
        droppedGroups: count(health.droppedGroups),
      }),
  ].filter((each) => typeof each === 'string');
  return (
    <section aria-label={say('Where it stands')} className="grid gap-2 rounded-lg border border-line p-3 text-sm">
      <p className="flex flex-wrap items-center gap-2">
        <RuleHealthBadge health={health} />
        {health.evaluatedUntil && (
          <span className="text-xs text-faint">
            {sayWith('until {time}', { time: <RelativeTime time={health.evaluatedUntil} /> })}
          </span>
        )}
        {health.message && <span className="text-bad">{health.message}</span>}
      </p>
      {gaps.map((gap) => (
        <p key={gap} className="text-xs text-soft">
          {gap}
        </p>
      ))}
      <Query query={query}>
        {({ alertRule }) => {
          const instances = alertRule?.instances?.nodes ?? [];
          if (instances.length === 0)
            return <p className="text-xs text-faint">{say('It has nothing to remember yet.')}</p>;
          return (
            <ul aria-label={say('Groups')} className="max-h-48 divide-y divide-line overflow-y-auto">
              {instances.map((instance) => {
                const name = groupName(instance.key);
                return (
                  <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5">
                    <span className="min-w-0 flex-1 truncate">{name}</span>
                    <span className="nums text-xs text-soft">{metricValue(rule.metric, instance.value)}</span>
                    {instance.alert ? (
                      <Link to="alerts" search={{ alert: instance.alert.id }}>
                        <Badge tone={tones[instance.state] ?? 'rest'}>{label(instance.state)}</Badge>
                      </Link>
                    ) : (
                      <Badge tone={tones[instance.state] ?? 'rest'}>{label(instance.state)}</Badge>
                    )}
                    <span className="text-xs text-faint">
                      {instance.noDataSince ? say('no data, ') : ''}
                      <RelativeTime time={instance.noDataSince ?? instance.since} />
                    </span>
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Query>
    </section>
  );
}

function groupName(key: Readonly<Record<string, unknown>>): string {
  const values = Object.values(key);
  if (values.length === 0) return say('all together');
  return values.map((value) => (typeof value === 'string' ? value : 'none')).join(', ');
}
