'use client';
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { useMemo } from 'react';
import { FlowUpdates, Uploads } from '../../graph/generated/operations';
import type { FlowUpdatesSubscription, UploadsQuery } from '../../graph/generated/types';
import { useGraphPages } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { patchRows } from '../../live/patches';
import { useFollow } from '../../live/useFollow';
import { useSettled } from '../../live/useSettled';
import { Query } from '../../parts/Query';
import { DataTable } from '../../tables/DataTable';
import { Empty } from '../../ui/states';
import { say } from '../../words/say';
import { uploadColumns, type UploadRow } from './uploadColumns';

/** What has been brought in so far, each file with what became of it, as it becomes it. */
export function UploadList() {
  const go = useGo();
  const client = useQueryClient();
  const query = useGraphPages(Uploads, { first: 20 }, (data) => data.flows);
  const refetchSoon = useSettled(() => void query.refetch(), 600);
  const first = query.data?.pages[0]?.flows;
  const rows = useMemo<readonly UploadRow[]>(
    () => query.data?.pages.flatMap((page) => page.flows?.nodes ?? []) ?? [],
    [query.data],
  );
  useFollow(
    FlowUpdates,
    {},
    {
      after: first?.streamCursor,
      onReset: () => void query.refetch(),
      onEvents: (events: readonly FlowUpdatesSubscription['flowUpdates'][]) => {
        const states = events.flatMap(({ flow }) => flow ?? []);
        client.setQueryData<InfiniteData<UploadsQuery>>(
          query.key,
          (old) =>
            old && {
              ...old,
              pages: old.pages.map((page) =>
                page.flows
                  ? { ...page, flows: { ...page.flows, nodes: [...patchRows(page.flows.nodes, states)] } }
                  : page,
              ),
            },
        );
        // Rows and assets are not in the event.
        refetchSoon();
      },
    },
  );
  return (
    <Query query={query}>
      {() => (
        <DataTable
          name="uploads"
          columns={uploadColumns}
          rows={rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => go('flow', { id })}
          hasMore={query.hasNextPage}
          loadsMore={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
          rowHeight={48}
          total={first?.totalCount ?? null}
          tools={<h2 className="text-sm font-semibold">{say('What was brought in')}</h2>}
          empty={
            <Empty icon="upload" title={say('No file yet')}>
              {say('What you drop above shows up here, with its rows and what became of them.')}
            </Empty>
          }
        />
      )}
    </Query>
  );
}
