import type { AssetsQuery } from '../../graph/generated/types';
import { Link } from '../../host/navigation';
import { CriticalityBadge } from '../../parts/badges';
import { RelativeTime } from '../../parts/RelativeTime';
import type { Column } from '../../tables/DataTable';
import { label } from '../../words/format';
import { say } from '../../words/say';

type Row = NonNullable<AssetsQuery['assets']>['nodes'][number];

/** What a list of assets can show. `onTag`: what a click on a tag does. */
export function assetColumns(onTag: (tag: string) => void): readonly Column<Row>[] {
  return [
    {
      id: 'name',
      title: 'Asset',
      fixed: true,
      width: 'minmax(10rem, 2fr)',
      text: ({ name }) => name,
      cell: ({ id, name, status }) => (
        <Link
          to="asset"
          search={{ id }}
          onClick={(event) => event.stopPropagation()}
          tabIndex={-1}
          className="font-medium"
        >
          {name}
          {status === 'RETIRED' && <span className="ml-2 text-xs font-normal text-faint">{say('retired')}</span>}
        </Link>
      ),
    },
    { id: 'kind', title: 'Kind', width: '9rem', text: ({ kind }) => kind, cell: ({ kind }) => label(kind) },
    {
      id: 'criticality',
      title: 'Criticality',
      width: '6.5rem',
      wideOnly: true,
      text: ({ criticality }) => criticality,
      cell: ({ criticality }) => <CriticalityBadge criticality={criticality} />,
    },
    {
      id: 'environment',
      title: 'Environment',
      width: '7rem',
      wideOnly: true,
      text: ({ environment }) => environment,
      cell: ({ environment }) => environment ?? '–',
    },
    {
      id: 'department',
      title: 'Department',
      wideOnly: true,
      text: ({ department }) => department,
      cell: ({ department }) => department ?? '–',
    },
    {
      id: 'ip',
      title: 'Address',
      width: '8rem',
      wideOnly: true,
      text: ({ ipAddress }) => ipAddress,
      cell: ({ ipAddress }) => <span className="nums">{ipAddress ?? '–'}</span>,
    },
    {
      id: 'os',
      title: 'System',
      wideOnly: true,
      text: ({ operatingSystem }) => operatingSystem,
      cell: ({ operatingSystem }) => operatingSystem ?? '–',
    },
    {
      id: 'tags',
      title: 'Tags',
      wideOnly: true,
      text: ({ tags }) => tags.join(' '),
      cell: ({ tags }) => (
        <span className="flex gap-1 overflow-hidden">
          {tags.slice(0, 3).map((tag) => (
            <button
              key={tag}
              type="button"
              tabIndex={-1}
              className="rounded bg-sunken px-1.5 text-xs text-soft hover:text-ink"
              onClick={(event) => {
                event.stopPropagation();
                onTag(tag);
              }}
            >
              {tag}
            </button>
          ))}
          {tags.length > 3 && <span className="text-xs text-faint">+{tags.length - 3}</span>}
        </span>
      ),
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
