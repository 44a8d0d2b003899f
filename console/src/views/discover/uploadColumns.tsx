import type { UploadsQuery } from '../../graph/generated/types';
import { Link } from '../../host/navigation';
import { actorName } from '../../parts/ActorName';
import { StatusBadge } from '../../parts/badges';
import { RelativeTime } from '../../parts/RelativeTime';
import type { Column } from '../../tables/DataTable';
import { Progress } from '../../ui/Progress';
import { count } from '../../words/format';
import { say } from '../../words/say';
import { discoveryColumns } from '../flows/discoveryColumns';

export type UploadRow = NonNullable<UploadsQuery['flows']>['nodes'][number];

export const uploadColumns: readonly Column<UploadRow>[] = [
  {
    id: 'file',
    title: 'File',
    fixed: true,
    width: 'minmax(11rem, 2fr)',
    text: ({ discovery }) => discovery?.sourceName,
    cell: ({ id, name, discovery }) => (
      <Link
        to="flow"
        search={{ id }}
        onClick={(event) => event.stopPropagation()}
        tabIndex={-1}
        className="block min-w-0"
      >
        <span className="block truncate font-medium">{discovery?.sourceName ?? name}</span>
        <span className="block truncate text-xs text-faint">{name}</span>
      </Link>
    ),
  },
  {
    id: 'status',
    title: 'Status',
    width: '8.5rem',
    text: ({ status }) => status,
    cell: ({ name, status, progress }) =>
      status === 'RUNNING' ? (
        <Progress value={progress} label={say('Progress of {name}', { name })} />
      ) : (
        <StatusBadge status={status} />
      ),
  },
  {
    id: 'by',
    title: 'By',
    width: 'minmax(7.5rem, 1fr)',
    wideOnly: true,
    text: ({ createdBy }) => actorName(createdBy),
    cell: ({ createdBy }) => actorName(createdBy),
  },
  {
    id: 'when',
    title: 'When',
    width: '7rem',
    wideOnly: true,
    text: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <RelativeTime time={createdAt} />,
  },
  ...discoveryColumns,
  {
    id: 'updated',
    title: 'Seen again',
    width: '7rem',
    right: true,
    wideOnly: true,
    text: ({ discovery }) => discovery?.assetsUpdated,
    cell: ({ discovery }) => count(discovery?.assetsUpdated),
  },
];
