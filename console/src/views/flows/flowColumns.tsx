import type { FlowsQuery } from '../../graph/generated/types';
import { Link } from '../../host/navigation';
import { actorName } from '../../parts/ActorName';
import { StatusBadge } from '../../parts/badges';
import { Elapsed } from '../../parts/Elapsed';
import { RelativeTime } from '../../parts/RelativeTime';
import type { Column } from '../../tables/DataTable';
import { Progress } from '../../ui/Progress';
import { label, money, nameOf } from '../../words/format';
import { discoveryColumns } from './discoveryColumns';
import { MiniTimeline } from './MiniTimeline';
import { say } from '../../words/say';

export type FlowRow = NonNullable<FlowsQuery['flows']>['nodes'][number];

const running = new Set(['RUNNING', 'QUEUED', 'PAUSED']);

export const flowColumns: readonly Column<FlowRow>[] = [
  {
    id: 'name',
    title: 'Flow',
    fixed: true,
    width: 'minmax(13rem, 2fr)',
    text: ({ name }) => name,
    cell: ({ id, name, kind }) => (
      <Link
        to="flow"
        search={{ id }}
        onClick={(event) => event.stopPropagation()}
        tabIndex={-1}
        className="block min-w-0"
      >
        <span className="block truncate font-medium">{name}</span>
        <span className="block truncate text-xs text-faint">{label(kind)}</span>
      </Link>
    ),
  },
  {
    id: 'status',
    title: 'Status',
    width: '8.5rem',
    text: ({ status }) => status,
    cell: ({ status }) => <StatusBadge status={status} />,
  },
  {
    id: 'phases',
    title: 'Phases',
    width: '9rem',
    wideOnly: true,
    cell: (flow) =>
      running.has(flow.status) ? (
        <>
          <Progress value={flow.progress} label={say('Progress of {name}', { name: flow.name })} />
          <span className="text-xs text-faint">
            {flow.currentPhase ? nameOf(flow.currentPhase.title) : say('Not started')}
          </span>
        </>
      ) : (
        <MiniTimeline phases={flow.phases} />
      ),
  },
  {
    id: 'took',
    title: 'Took',
    width: '6rem',
    right: true,
    wideOnly: true,
    text: ({ startedAt, finishedAt }) =>
      startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : null,
    cell: ({ startedAt, finishedAt }) => <Elapsed from={startedAt} to={finishedAt} />,
  },
  ...discoveryColumns,
  {
    id: 'cost',
    title: 'Cost',
    width: '5.5rem',
    right: true,
    wideOnly: true,
    text: ({ metrics }) => metrics?.costUsd,
    cell: ({ metrics }) => money(metrics?.costUsd),
  },
  {
    id: 'by',
    title: 'Started by',
    width: 'minmax(7.5rem, 1fr)',
    wideOnly: true,
    text: ({ createdBy }) => actorName(createdBy),
    cell: ({ createdBy }) => actorName(createdBy),
  },
  {
    id: 'created',
    title: 'Created',
    width: '7rem',
    right: true,
    wideOnly: true,
    text: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <RelativeTime time={createdAt} />,
  },
];
