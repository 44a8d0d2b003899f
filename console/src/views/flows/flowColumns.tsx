import type { FlowsQuery } from '../../graph/generated/types';
import { Link } from '../../host/navigation';
import { actorName } from '../../parts/ActorName';
import { StatusBadge } from '../../parts/badges';
import { Elapsed } from '../../parts/Elapsed';
import { RelativeTime } from '../../parts/RelativeTime';
import type { Column } from '../../tables/DataTable';
import { Progress } from '../../ui/Progress';
import { count, label, money } from '../../words/format';
import { MiniTimeline } from './MiniTimeline';
import { say } from '../../words/say';

export type FlowRow = NonNullable<FlowsQuery['flows']>['nodes'][number];

const running = new Set(['RUNNING', 'QUEUED', 'PAUSED']);

export const flowColumns: readonly Column<FlowRow>[] = [
  {
    id: 'name',
    title: 'Flow',
    fixed: true,
    width: 'minmax(11rem, 2fr)',
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
    width: '11rem',
    wideOnly: true,
    cell: (flow) =>
      running.has(flow.status) ? (
        <>
          <Progress value={flow.progress} label={say('Progress of {name}', { name: flow.name })} />
          <span className="text-xs text-faint">{flow.currentPhase?.title ?? say('Not started')}</span>
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
  {
    id: 'rows',
    title: 'Rows',
    width: '5rem',
    right: true,
    wideOnly: true,
    text: ({ discovery }) => discovery?.rowsTotal,
    cell: ({ discovery }) => count(discovery?.rowsTotal),
  },
  {
    id: 'rejected',
    title: 'Rejected',
    width: '5rem',
    right: true,
    wideOnly: true,
    text: ({ discovery }) => discovery?.rowsRejected,
    cell: ({ discovery }) => (
      <span className={discovery?.rowsRejected ? 'text-warn' : ''}>{count(discovery?.rowsRejected)}</span>
    ),
  },
  {
    id: 'assets',
    title: 'New assets',
    width: '6rem',
    right: true,
    wideOnly: true,
    text: ({ discovery }) => discovery?.assetsCreated,
    cell: ({ discovery }) => count(discovery?.assetsCreated),
  },
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
