'use client';
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { parseAsArrayOf, parseAsString, useQueryState } from 'nuqs';
import { useMemo } from 'react';
import { Chips } from '../../filters/Chips';
import { FlowUpdates, Flows } from '../../graph/generated/operations';
import type { FlowsQuery, FlowStatus, FlowUpdatesSubscription } from '../../graph/generated/types';
import { useGraphPages } from '../../graph/useGraph';
import { Link, useGo } from '../../host/navigation';
import { patchRow } from '../../live/patches';
import { useFollow } from '../../live/useFollow';
import { useSettled } from '../../live/useSettled';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { usePreferences } from '../../preferences/preferences';
import { DataTable } from '../../tables/DataTable';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/states';
import { useWords } from '../../words/useWords';
import { flowColumns, type FlowRow } from './flowColumns';
import { Gantt } from './Gantt';

const statuses: readonly { readonly value: FlowStatus; readonly text: string }[] = [
  { value: 'RUNNING', text: 'Running' },
  { value: 'QUEUED', text: 'Queued' },
  { value: 'AWAITING_APPROVAL', text: 'Needs approval' },
  { value: 'PAUSED', text: 'Paused' },
  { value: 'FAILED', text: 'Failed' },
  { value: 'SUCCEEDED', text: 'Succeeded' },
  { value: 'CANCELLED', text: 'Cancelled' },
];

export function FlowsPage() {
  const words = useWords();
  const go = useGo();
  const client = useQueryClient();
  const [chosen, setChosen] = useQueryState('status', parseAsArrayOf(parseAsString).withDefault([]));
  const view = usePreferences((state) => state.flowsView);
  const set = usePreferences((state) => state.set);
  const filter = chosen.length > 0 ? { status: chosen as FlowStatus[] } : null;
  const query = useGraphPages(Flows, { first: 50, filter }, (data) => data.flows);
  const rows = useMemo<readonly FlowRow[]>(
    () => query.data?.pages.flatMap((page) => page.flows?.nodes ?? []) ?? [],
    [query.data],
  );
  const first = query.data?.pages[0]?.flows;
  const refetchSoon = useSettled(() => void query.refetch(), 400);

  useFollow(
    FlowUpdates,
    {},
    {
      after: first?.streamCursor,
      onReset: () => void query.refetch(),
      onEvent: ({ flow, type }: FlowUpdatesSubscription['flowUpdates']) => {
        let known = false;
        client.setQueryData<InfiniteData<FlowsQuery>>(query.key, (old) =>
          old && flow
            ? {
                ...old,
                pages: old.pages.map((page) => {
                  const patched = page.flows ? patchRow(page.flows.nodes, flow) : null;
                  if (!patched || !page.flows) return page;
                  known = true;
                  return { ...page, flows: { ...page.flows, nodes: [...patched] } };
                }),
              }
            : old,
        );
        // Phases, figures and places in the list are not in the event.
        if (!known || type !== 'flow.progress') refetchSoon();
      },
    },
  );

  return (
    <>
      <PageHeader
        title={words.flows}
        about="What has been discovered, runs now, or waits for somebody."
        actions={
          <div role="group" aria-label="View" className="flex rounded-md border border-line-strong bg-surface p-0.5">
            <Button
              size="small"
              variant={view === 'table' ? 'primary' : 'ghost'}
              icon="table"
              aria-pressed={view === 'table'}
              onClick={() => set({ flowsView: 'table' })}
            >
              Table
            </Button>
            <Button
              size="small"
              variant={view === 'timeline' ? 'primary' : 'ghost'}
              icon="chartGantt"
              aria-pressed={view === 'timeline'}
              onClick={() => set({ flowsView: 'timeline' })}
            >
              Timeline
            </Button>
          </div>
        }
      />
      <Query query={query}>
        {() =>
          view === 'table' ? (
            <DataTable
              name="flows"
              columns={flowColumns}
              rows={rows}
              keyOf={({ id }) => id}
              onOpen={({ id }) => go('flow', { id })}
              hasMore={query.hasNextPage}
              loadsMore={query.isFetchingNextPage}
              onMore={() => void query.fetchNextPage()}
              rowHeight={48}
              total={first?.totalCount ?? null}
              tools={
                <Chips
                  label="Status"
                  options={statuses}
                  chosen={chosen}
                  onChange={(next) => void setChosen(next.length > 0 ? next : null)}
                />
              }
              empty={<NoFlows filtered={chosen.length > 0} onClear={() => void setChosen(null)} />}
            />
          ) : (
            <div className="rounded-lg border border-line bg-surface">
              <div className="border-b border-line px-3 py-1.5">
                <Chips
                  label="Status"
                  options={statuses}
                  chosen={chosen}
                  onChange={(next) => void setChosen(next.length > 0 ? next : null)}
                />
              </div>
              {rows.length === 0 ? (
                <NoFlows filtered={chosen.length > 0} onClear={() => void setChosen(null)} />
              ) : (
                <Gantt flows={rows} />
              )}
              {query.hasNextPage && (
                <div className="border-t border-line p-3 text-center">
                  <Button onClick={() => void query.fetchNextPage()} busy={query.isFetchingNextPage}>
                    {words.more}
                  </Button>
                </div>
              )}
            </div>
          )
        }
      </Query>
    </>
  );
}

function NoFlows({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  if (filtered) {
    return (
      <Empty icon="search" title="No flow has this status">
        <Button onClick={onClear}>Show all</Button>
      </Empty>
    );
  }
  return (
    <Empty icon="workflow" title="No flow yet">
      <Link to="discover" className="text-accent underline">
        Start a discovery
      </Link>{' '}
      from a file of your estate.
    </Empty>
  );
}
