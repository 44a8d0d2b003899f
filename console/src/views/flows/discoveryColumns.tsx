import type { Column } from '../../tables/DataTable';
import { count } from '../../words/format';

interface DiscoveryRow {
  readonly discovery?: {
    readonly rowsTotal?: number | null;
    readonly rowsRejected?: number | null;
    readonly assetsCreated?: number | null;
  } | null;
}

/** What became of a source: null where the flow is no discovery. */
export const discoveryColumns: readonly Column<DiscoveryRow>[] = [
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
];
