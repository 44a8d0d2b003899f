import type { WebhooksQuery } from '../../graph/generated/types';
import { DeliveryBadge } from '../../parts/deliveryBadges';
import { RelativeTime } from '../../parts/RelativeTime';
import type { Column } from '../../tables/DataTable';
import { count } from '../../words/format';

type Row = NonNullable<WebhooksQuery['webhooks']>['nodes'][number];

export const webhookColumns: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'Name',
    fixed: true,
    width: 'minmax(6rem, 1.2fr)',
    text: ({ name }) => name,
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  {
    id: 'status',
    title: 'State',
    width: '6.5rem',
    text: ({ status }) => status,
    cell: ({ status }) => <DeliveryBadge status={status} />,
  },
  {
    id: 'stream',
    title: 'Stream',
    width: '8.5rem',
    wideOnly: true,
    text: ({ stream }) => stream,
    cell: ({ stream }) => <code className="text-xs">{stream}</code>,
  },
  {
    id: 'url',
    title: 'Address',
    width: 'minmax(9rem, 2fr)',
    wideOnly: true,
    text: ({ url }) => url,
    cell: ({ url }) => <span title={url}>{url}</span>,
  },
  {
    id: 'lag',
    title: 'Events behind',
    width: '6rem',
    right: true,
    text: ({ lag }) => lag,
    cell: ({ lag }) => count(lag),
  },
  {
    id: 'oldest',
    title: 'Oldest waits since',
    width: '9rem',
    right: true,
    wideOnly: true,
    text: ({ oldestPendingAt }) => oldestPendingAt,
    cell: ({ oldestPendingAt }) => <RelativeTime time={oldestPendingAt} />,
  },
];
