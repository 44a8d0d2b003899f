import type { AuditLogQuery } from '../../graph/generated/types';
import { actorName } from '../../parts/ActorName';
import { RelativeTime } from '../../parts/RelativeTime';
import type { Column } from '../../tables/DataTable';
import { label } from '../../words/format';

export type Entry = NonNullable<NonNullable<AuditLogQuery['viewer']>['workspace']['auditLog']>['nodes'][number];

export const auditColumns: readonly Column<Entry>[] = [
  {
    id: 'at',
    title: 'When',
    width: '7rem',
    fixed: true,
    text: ({ at }) => at,
    cell: ({ at }) => <RelativeTime time={at} />,
  },
  {
    id: 'actor',
    title: 'Who',
    width: 'minmax(7rem, 1fr)',
    fixed: true,
    text: ({ actor }) => actorName(actor),
    cell: ({ actor }) => <span className="font-medium">{actorName(actor)}</span>,
  },
  {
    id: 'action',
    title: 'What',
    width: 'minmax(8rem, 1.4fr)',
    fixed: true,
    text: ({ action }) => action,
    cell: ({ action }) => <code className="text-xs">{action}</code>,
  },
  {
    id: 'entity',
    title: 'On',
    width: 'minmax(6rem, 1fr)',
    wideOnly: true,
    text: ({ entityType }) => entityType,
    cell: ({ entityType }) => label(entityType),
  },
  {
    id: 'id',
    title: 'Its id',
    width: 'minmax(9rem, 1.6fr)',
    wideOnly: true,
    text: ({ entityId }) => entityId,
    cell: ({ entityId }) => <code className="text-xs text-soft">{entityId}</code>,
  },
  {
    id: 'request',
    title: 'Request',
    width: 'minmax(8rem, 1.2fr)',
    wideOnly: true,
    text: ({ requestId }) => requestId,
    cell: ({ requestId }) => <code className="text-xs text-faint">{requestId}</code>,
  },
];
