'use client';
import { useQueryClient } from '@tanstack/react-query';
import { Activity, ActivityUpdated } from '../../graph/generated/operations';
import type { ActivityQuery, ActivityUpdatedSubscription } from '../../graph/generated/types';
import { useGraph } from '../../graph/useGraph';
import { Link } from '../../host/navigation';
import { useFollow } from '../../live/useFollow';
import { RelativeTime } from '../../parts/RelativeTime';
import { Card } from '../../ui/Card';
import { Icon } from '../../ui/Icon';
import { Empty } from '../../ui/states';
import { count, label, money } from '../../words/format';
import { say } from '../../words/say';

type Happened = NonNullable<ActivityQuery['activity']>['nodes'][number];

const shown = 12;

/** What happened last in the workspace, and what happens. */
export function ActivityCard() {
  const client = useQueryClient();
  const { data, key, refetch } = useGraph(Activity, { first: shown }, { refetchInterval: false });
  useFollow(
    ActivityUpdated,
    {},
    {
      after: data?.activity?.streamCursor,
      onReset: () => void refetch(),
      onEvent: (event: ActivityUpdatedSubscription['activityUpdated']) =>
        client.setQueryData<ActivityQuery>(key, (old) => {
          if (!old?.activity || old.activity.nodes.some(({ cursor }) => cursor === event.cursor)) return old;
          return { ...old, activity: { ...old.activity, nodes: [event, ...old.activity.nodes].slice(0, shown) } };
        }),
    },
  );
  const nodes = data?.activity?.nodes ?? [];
  return (
    <Card title={say('Activity')} flush>
      {data && nodes.length === 0 ? (
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
}

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
