'use client';
import { useState } from 'react';
import { WebhookAttempts } from '../../graph/generated/operations';
import type { WebhookAttemptsQuery } from '../../graph/generated/types';
import { useGraphPages } from '../../graph/useGraph';
import { OutcomeBadge } from '../../parts/deliveryBadges';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { DataTable, type Column } from '../../tables/DataTable';
import { Badge } from '../../ui/Badge';
import { Dialog } from '../../ui/Dialog';
import { JsonView } from '../../ui/JsonView';
import { Empty } from '../../ui/states';
import { bytes, duration, exactly, moment } from '../../words/format';
import { say } from '../../words/say';

type Attempt = NonNullable<NonNullable<WebhookAttemptsQuery['webhook']>['attempts']>['nodes'][number];

const columns: readonly Column<Attempt>[] = [
  {
    id: 'at',
    title: 'When',
    fixed: true,
    width: '7rem',
    text: ({ at }) => at,
    cell: ({ at }) => <RelativeTime time={at} />,
  },
  {
    id: 'outcome',
    title: 'Outcome',
    width: '7.5rem',
    text: ({ outcome }) => outcome,
    cell: ({ outcome }) => <OutcomeBadge outcome={outcome} />,
  },
  {
    id: 'status',
    title: 'Answer',
    width: 'minmax(6rem, 2fr)',
    text: ({ statusCode, answer }) => statusCode ?? answer,
    cell: ({ statusCode, answer }) => <span title={answer ?? ''}>{statusCode ?? answer ?? '–'}</span>,
  },
  {
    id: 'what',
    title: 'Number',
    width: '7rem',
    right: true,
    text: ({ sequence }) => sequence,
    cell: ({ events, sequence }) => (events === 0 ? <Badge>{say('Test')}</Badge> : exactly(sequence)),
  },
  {
    id: 'events',
    title: 'Events',
    width: '5rem',
    right: true,
    wideOnly: true,
    text: ({ events }) => events,
    cell: ({ events }) => exactly(events),
  },
  {
    id: 'attempt',
    title: 'Try',
    width: '4rem',
    right: true,
    wideOnly: true,
    text: ({ attempt }) => attempt,
    cell: ({ attempt }) => exactly(attempt),
  },
  {
    id: 'took',
    title: 'Took',
    width: '5.5rem',
    right: true,
    wideOnly: true,
    text: ({ durationMs }) => durationMs,
    cell: ({ durationMs }) => duration(durationMs),
  },
];

/** Every request of the last seven days. */
export function AttemptsTab({ id }: { readonly id: string }) {
  const [open, setOpen] = useState<Attempt | null>(null);
  const query = useGraphPages(WebhookAttempts, { id }, (data) => data.webhook?.attempts, { refetchInterval: 5_000 });
  return (
    <>
      <Query query={query}>
        {({ pages }) => (
          <DataTable
            name="Attempts"
            columns={columns}
            rows={pages.flatMap((page) => page.webhook?.attempts?.nodes ?? [])}
            keyOf={(attempt) => attempt.id}
            onOpen={setOpen}
            hasMore={query.hasNextPage}
            loadsMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            empty={
              <Empty icon="send" title={say('Nothing was sent in the last 7 days')}>
                {say('Requests come here as soon as events happen.')}
              </Empty>
            }
          />
        )}
      </Query>
      {open && (
        <Dialog open side onClose={() => setOpen(null)} title={say('Request of {time}', { time: moment(open.at) })}>
          <div className="grid gap-3 text-sm">
            <p className="flex flex-wrap items-center gap-2">
              <OutcomeBadge outcome={open.outcome} /> {duration(open.durationMs)} · {bytes(open.bytes)}
            </p>
            <pre
              tabIndex={0}
              aria-label={say('Answer')}
              className="max-h-60 overflow-auto rounded-md bg-sunken p-3 text-xs whitespace-pre-wrap"
            >
              {open.answer ?? say('It said nothing.')}
            </pre>
            <JsonView value={open} />
          </div>
        </Dialog>
      )}
    </>
  );
}
