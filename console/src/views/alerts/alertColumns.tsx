import type { AlertsQuery } from '../../graph/generated/types';
import { actorName } from '../../parts/ActorName';
import { AlertStatusBadge, SeverityBadge } from '../../parts/badges';
import { RelativeTime } from '../../parts/RelativeTime';
import type { Column } from '../../tables/DataTable';
import { count, label } from '../../words/format';
import { say } from '../../words/say';

export type AlertRow = NonNullable<AlertsQuery['alerts']>['nodes'][number];

export function alertColumns(
  selected: ReadonlySet<string>,
  onSelect: (row: AlertRow) => void,
): readonly Column<AlertRow>[] {
  return [
    {
      id: 'select',
      title: '',
      width: '1.5rem',
      fixed: true,
      cell: (row) => (
        <input
          type="checkbox"
          tabIndex={-1}
          aria-label={say('Select {title}', { title: row.title })}
          className="size-4 accent-[var(--accent)]"
          checked={selected.has(row.id)}
          onClick={(event) => event.stopPropagation()}
          onChange={() => onSelect(row)}
        />
      ),
    },
    {
      id: 'severity',
      title: 'Severity',
      width: '5.5rem',
      fixed: true,
      text: ({ severity }) => severity,
      cell: ({ severity }) => <SeverityBadge severity={severity} />,
    },
    {
      id: 'title',
      title: 'Alert',
      width: 'minmax(9rem, 3fr)',
      fixed: true,
      text: ({ title }) => title,
      cell: ({ title, description, status, lastSeenAt }, narrow) =>
        narrow ? (
          <>
            <span className="line-clamp-2 font-medium whitespace-normal">{title}</span>
            <span className="block truncate text-xs text-faint">
              {label(status)} · <RelativeTime time={lastSeenAt} />
            </span>
          </>
        ) : (
          <>
            <span className="block truncate font-medium">{title}</span>
            <span className="block truncate text-xs text-faint">{description}</span>
          </>
        ),
    },
    {
      id: 'status',
      title: 'Status',
      width: '8.5rem',
      wideOnly: true,
      text: ({ status }) => status,
      cell: ({ status }) => <AlertStatusBadge status={status} />,
    },
    {
      id: 'about',
      title: 'About',
      width: 'minmax(7rem, 1fr)',
      wideOnly: true,
      text: ({ flow, asset, rule }) => flow?.name ?? asset?.name ?? rule?.name,
      cell: ({ flow, asset, rule }) => flow?.name ?? asset?.name ?? rule?.name ?? '–',
    },
    {
      id: 'occurrences',
      title: 'Times',
      width: '4rem',
      right: true,
      wideOnly: true,
      text: ({ occurrences }) => occurrences,
      cell: ({ occurrences }) => count(occurrences),
    },
    {
      id: 'by',
      title: 'Works on it',
      width: '8rem',
      wideOnly: true,
      text: workerOf,
      cell: workerOf,
    },
    {
      id: 'seen',
      title: 'Last seen',
      width: '6.5rem',
      right: true,
      wideOnly: true,
      text: ({ lastSeenAt }) => lastSeenAt,
      cell: ({ lastSeenAt }) => <RelativeTime time={lastSeenAt} />,
    },
  ];
}

/** Whoever it was handed to, else whoever has acknowledged it. */
function workerOf({ owner, acknowledgedBy }: AlertRow): string {
  return owner?.displayName ?? actorName(acknowledgedBy);
}
