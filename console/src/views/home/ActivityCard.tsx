'use client';
import { memo } from 'react';
import { ActivityUpdated } from '../../graph/generated/operations';
import type { ActivityUpdatedSubscription, HomeQuery } from '../../graph/generated/types';
import { Link } from '../../host/navigation';
import { useFollow } from '../../live/useFollow';
import { RelativeTime } from '../../parts/RelativeTime';
import { Card } from '../../ui/Card';
import { Icon } from '../../ui/Icon';
import { Empty } from '../../ui/states';
import { count, label, money } from '../../words/format';
import { say } from '../../words/say';

type Happened = NonNullable<HomeQuery['activity']>['nodes'][number];

const shown = 12;

/** What came while Home was asked again stays in front of the answer. */
export function keepActivity(known: HomeQuery, asked: HomeQuery): HomeQuery {
  if (!known.activity || !asked.activity) return asked;
  const answered = new Set(asked.activity.nodes.map(({ cursor }) => cursor));
  const firstAnswered = known.activity.nodes.findIndex(({ cursor }) => answered.has(cursor));
  const newer = known.activity.nodes.slice(0, Math.max(0, firstAnswered));
  return withActivity(asked, [...newer, ...asked.activity.nodes]);
}

function withActivity(home: HomeQuery, nodes: readonly Happened[]): HomeQuery {
  return home.activity ? { ...home, activity: { ...home.activity, nodes: nodes.slice(0, shown) } } : home;
}

interface ActivityCardProps {
  readonly activity: HomeQuery['activity'];
  readonly onHomeChange: (change: (home: HomeQuery) => HomeQuery) => void;
  readonly refetch: () => void;
}

/** What happened last in the workspace, and what happens. */
export const ActivityCard = memo(function ActivityCard({ activity, onHomeChange, refetch }: ActivityCardProps) {
  useFollow(
    ActivityUpdated,
    {},
    {
      after: activity?.streamCursor,
      onReset: refetch,
      onEvents: (events: readonly ActivityUpdatedSubscription['activityUpdated'][]) =>
        onHomeChange((home) => {
          const here = home.activity?.nodes ?? [];
          const known = new Set(here.map(({ cursor }) => cursor));
          return withActivity(home, [...events.filter(({ cursor }) => !known.has(cursor)).toReversed(), ...here]);
        }),
    },
  );
  const nodes = activity?.nodes ?? [];
  return (
    <Card title={say('Activity')} flush>
      {nodes.length === 0 ? (
        <Empty icon="activity" title={say('Nothing happened yet')} />
      ) : (
        <ul className="divide-y divide-line">
          {nodes.map((event) => (
            <li key={event.cursor} className="flex items-center gap-3 px-4 py-2 text-sm">
              <Icon name={event.kind === 'FLOWS' ? 'workflow' : event.kind === 'ALERTS' ? 'bell' : 'activity'} />
              <span className="min-w-0 flex-1 truncate">
                <What event={event} traces={say('traces')} />
              </span>
              <span className="text-xs text-faint">
                <RelativeTime time={event.occurredAt} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
});

function What({ event, traces }: { readonly event: Happened; readonly traces: string }) {
  const facts = event.data as Readonly<Record<string, unknown>>;
  const verb = label(event.type.split('.').at(-1));
  if (event.alert)
    return (
      <Link to="alerts" search={{ alert: event.alert.id }} className="hover:underline">
        {event.alert.title} <span className="text-soft">{verb}</span>
      </Link>
    );
  if (event.flow)
    return (
      <Link to="flow" search={{ id: event.flow.id }} className="hover:underline">
        {typeof facts['name'] === 'string' ? facts['name'] : ''}{' '}
        <span className="text-soft">{[facts['phase'], verb].filter(Boolean).join(' · ')}</span>
      </Link>
    );
  if (event.kind !== 'TRACES') return <>{event.type}</>;
  const agents = Array.isArray(facts['agents']) ? facts['agents'].map(String) : [];
  return (
    <>
      {count(Number(facts['traces']))} {traces}{' '}
      <span className="text-soft">
        {[agents.join(', '), money(Number(facts['costUsd']))].filter(Boolean).join(' · ')}
      </span>
    </>
  );
}
