import type { TracesQuery } from '../graph/generated/types';
import { TraceBadge } from './badges';
import { RelativeTime } from './RelativeTime';
import type { Column } from '../tables/DataTable';
import { count, duration, money } from '../words/format';

type Row = NonNullable<TracesQuery['traces']>['nodes'][number];

export const traceOrders = ['STARTED_DESC', 'DURATION_DESC', 'COST_DESC'] as const;
export const traceOrderNames = {
  STARTED_DESC: 'Newest first',
  DURATION_DESC: 'Longest first',
  COST_DESC: 'Dearest first',
} as const;

export const traceColumns: readonly Column<Row>[] = [
  {
    id: 'agent',
    title: 'Agent',
    fixed: true,
    width: 'minmax(8rem, 1.2fr)',
    text: ({ agent }) => agent,
    cell: ({ agent }) => <span className="font-medium">{agent}</span>,
  },
  {
    id: 'operation',
    title: 'Operation',
    width: 'minmax(8rem, 1.4fr)',
    wideOnly: true,
    text: ({ operation }) => operation,
    cell: ({ operation }) => operation,
  },
  {
    id: 'status',
    title: 'Status',
    width: '6rem',
    text: ({ status }) => status,
    cell: ({ status }) => <TraceBadge status={status} />,
  },
  { id: 'model', title: 'Model', wideOnly: true, text: ({ model }) => model, cell: ({ model }) => model ?? '–' },
  {
    id: 'took',
    title: 'Took',
    width: '5.5rem',
    right: true,
    text: ({ durationMs }) => durationMs,
    cell: ({ durationMs }) => duration(durationMs),
  },
  {
    id: 'cost',
    title: 'Cost',
    width: '6rem',
    right: true,
    wideOnly: true,
    text: ({ costUsd }) => costUsd,
    cell: ({ costUsd }) => money(costUsd),
  },
  {
    id: 'tokens',
    title: 'Tokens',
    width: '6rem',
    right: true,
    wideOnly: true,
    text: ({ inputTokens, outputTokens }) => inputTokens + outputTokens,
    cell: ({ inputTokens, outputTokens }) => count(inputTokens + outputTokens),
  },
  {
    id: 'started',
    title: 'Started',
    width: '7rem',
    right: true,
    wideOnly: true,
    text: ({ startedAt }) => startedAt,
    cell: ({ startedAt }) => <RelativeTime time={startedAt} />,
  },
];
