'use client';
import { FlowAssets } from '../../graph/generated/operations';
import type { FlowAssetsQuery } from '../../graph/generated/types';
import { useGraphPages } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { CriticalityBadge } from '../../parts/badges';
import { Query } from '../../parts/Query';
import { DataTable, type Column } from '../../tables/DataTable';
import { Empty } from '../../ui/states';
import { label } from '../../words/format';
import { say } from '../../words/say';

type Row = NonNullable<NonNullable<FlowAssetsQuery['flow']>['assets']>['nodes'][number];

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'Asset',
    fixed: true,
    width: 'minmax(9rem, 2fr)',
    text: ({ name }) => name,
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  { id: 'kind', title: 'Kind', width: '9rem', text: ({ kind }) => kind, cell: ({ kind }) => label(kind) },
  {
    id: 'criticality',
    title: 'Criticality',
    width: '7rem',
    wideOnly: true,
    text: ({ criticality }) => criticality,
    cell: ({ criticality }) => <CriticalityBadge criticality={criticality} />,
  },
  {
    id: 'environment',
    title: 'Environment',
    wideOnly: true,
    text: ({ environment }) => environment,
    cell: ({ environment }) => environment ?? '–',
  },
  {
    id: 'hostname',
    title: 'Host name',
    wideOnly: true,
    text: ({ hostname }) => hostname,
    cell: ({ hostname }) => hostname ?? '–',
  },
  {
    id: 'ip',
    title: 'Address',
    width: '9rem',
    wideOnly: true,
    text: ({ ipAddress }) => ipAddress,
    cell: ({ ipAddress }) => ipAddress ?? '–',
  },
];

/** What the flow has found. */
export function FlowAssetsTab({ flowId, finished }: { readonly flowId: string; readonly finished: string | null }) {
  const go = useGo();
  const query = useGraphPages(FlowAssets, { id: flowId }, (data) => data.flow?.assets, {
    refetchInterval: finished ? false : 5_000,
  });
  return (
    <Query query={query}>
      {({ pages }) => (
        <DataTable
          name="assets of the flow"
          columns={columns}
          rows={pages.flatMap((page) => page.flow?.assets?.nodes ?? [])}
          keyOf={({ id }) => id}
          onOpen={({ id }) => go('asset', { id })}
          hasMore={query.hasNextPage}
          loadsMore={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
          total={pages[0]?.flow?.assets?.totalCount ?? null}
          empty={
            <Empty icon="boxes" title={say('No asset yet')}>
              {finished
                ? say('Another flow has seen its assets since, or it wrote none.')
                : say('They come with the phase that writes the inventory.')}
            </Empty>
          }
        />
      )}
    </Query>
  );
}
