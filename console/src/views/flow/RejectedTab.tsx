'use client';
import { FlowRejected } from '../../graph/generated/operations';
import type { FlowRejectedQuery } from '../../graph/generated/types';
import { useGraphPages } from '../../graph/useGraph';
import { Query } from '../../parts/Query';
import { DataTable, type Column } from '../../tables/DataTable';
import { Empty } from '../../ui/states';
import { count } from '../../words/format';
import { say } from '../../words/say';

type Row = NonNullable<NonNullable<FlowRejectedQuery['flow']>['discovery']>['rejectedRows']['nodes'][number];

const columns: readonly Column<Row>[] = [
  {
    id: 'line',
    title: 'Line',
    width: '4.5rem',
    right: true,
    fixed: true,
    text: ({ line }) => line,
    cell: ({ line }) => count(line),
  },
  {
    id: 'message',
    title: 'Why',
    width: 'minmax(10rem, 1fr)',
    fixed: true,
    text: ({ message }) => message,
    cell: ({ message }) => <span title={message}>{message}</span>,
  },
  {
    id: 'code',
    title: 'Code',
    width: '11rem',
    wideOnly: true,
    text: ({ code }) => code,
    cell: ({ code }) => <code className="text-xs">{code}</code>,
  },
  {
    id: 'raw',
    title: 'Row',
    width: 'minmax(12rem, 2fr)',
    wideOnly: true,
    text: ({ raw }) => JSON.stringify(raw),
    cell: ({ raw }) => (
      <code className="text-xs text-soft" title={JSON.stringify(raw, null, 1)}>
        {JSON.stringify(raw)}
      </code>
    ),
  },
];

/** Of a CSV. */
const mostPages = 200;

/** The rows that became no asset, each with why. */
export function RejectedTab({ flowId, rejected }: { readonly flowId: string; readonly rejected: number }) {
  const query = useGraphPages(FlowRejected, { id: flowId }, (data) => data.flow?.discovery?.rejectedRows, {
    enabled: rejected > 0,
  });
  if (rejected === 0) return <Empty icon="circleCheck" title={say('No row was rejected')} />;
  return (
    <Query query={query}>
      {({ pages }) => (
        <DataTable
          name="rejected rows"
          columns={columns}
          rows={pages.flatMap((page) => page.flow?.discovery?.rejectedRows.nodes ?? [])}
          keyOf={({ line, code }) => `${line} ${code}`}
          hasMore={query.hasNextPage}
          loadsMore={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
          readAll={async () =>
            (await query.readAll(mostPages)).flatMap((page) => page.flow?.discovery?.rejectedRows.nodes ?? [])
          }
          total={pages[0]?.flow?.discovery?.rejectedRows.totalCount ?? null}
          empty={<Empty icon="circleCheck" title={say('No row was rejected')} />}
        />
      )}
    </Query>
  );
}
