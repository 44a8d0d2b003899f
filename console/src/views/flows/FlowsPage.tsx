'use client';
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useDeferredValue, useMemo } from 'react';
import { Chips } from '../../filters/Chips';
import { SinceChoice, sinceTimes, useSince } from '../../filters/SinceChoice';
import { FlowFacets, FlowUpdates, Flows } from '../../graph/generated/operations';
import type { FlowFilter, FlowsQuery, FlowStatus, FlowUpdatesSubscription } from '../../graph/generated/types';
import { useGraph, useGraphPages } from '../../graph/useGraph';
import { Link, useGo } from '../../host/navigation';
import { patchRows } from '../../live/patches';
import { useFollow } from '../../live/useFollow';
import { useSettled } from '../../live/useSettled';
import { PageHeader } from '../../parts/PageHeader';
import { ProgressOfRunning, type RunningState } from '../../parts/ProgressOfRunning';
import { Query } from '../../parts/Query';
import { usePreferences } from '../../preferences/preferences';
import { useViewer } from '../../session/Permissions';
import { DataTable } from '../../tables/DataTable';
import { Button } from '../../ui/Button';
import { Choice, Input } from '../../ui/Field';
import { Empty } from '../../ui/states';
import { type PlainText, say, sayWith } from '../../words/say';
import { flowColumns, type FlowRow } from './flowColumns';
import { Gantt } from './Gantt';

const statuses: readonly { readonly value: FlowStatus; readonly text: PlainText }[] = [
  { value: 'RUNNING', text: 'Running' },
  { value: 'QUEUED', text: 'Queued' },
  { value: 'AWAITING_APPROVAL', text: 'Needs approval' },
  { value: 'PAUSED', text: 'Paused' },
  { value: 'FAILED', text: 'Failed' },
  { value: 'SUCCEEDED', text: 'Succeeded' },
  { value: 'CANCELLED', text: 'Cancelled' },
];

const orders = ['CREATED_DESC', 'CREATED_ASC', 'NAME_ASC', 'NAME_DESC'] as const;
const orderNames = {
  CREATED_DESC: 'Newest first',
  CREATED_ASC: 'Oldest first',
  NAME_ASC: 'Name A–Z',
  NAME_DESC: 'Name Z–A',
} as const;
/** Of a CSV. */
const mostPages = 200;

export function FlowsPage() {
  const go = useGo();
  const client = useQueryClient();
  const viewer = useViewer();
  const [wanted, setWanted] = useQueryStates({
    status: parseAsArrayOf(parseAsString).withDefault([]),
    q: parseAsString.withDefault(''),
    mine: parseAsBoolean.withDefault(false),
    since: parseAsStringLiteral(sinceTimes).withDefault('ever'),
    order: parseAsStringLiteral(orders).withDefault('CREATED_DESC'),
  });
  const view = usePreferences((state) => state.flowsView);
  const set = usePreferences((state) => state.set);
  const createdAfter = useSince(wanted.since);
  const filter = useDeferredValue<FlowFilter>({
    status: wanted.status.length > 0 ? (wanted.status as FlowStatus[]) : null,
    search: wanted.q.trim() || null,
    createdBy: wanted.mine && viewer.userId ? [viewer.userId] : null,
    createdAfter,
  });
  const isFiltered = wanted.status.length > 0 || wanted.q !== '' || wanted.mine || wanted.since !== 'ever';
  const clear = () => void setWanted({ status: null, q: null, mine: null, since: null });
  const query = useGraphPages(Flows, { first: 50, filter, orderBy: wanted.order }, (data) => data.flows);
  const facets = useGraph(FlowFacets, { filter });
  const counts = new Map((facets.data?.flowFacets?.status ?? []).map(({ value, count }) => [value, count]));
  const tools = (
    <>
      <Input
        type="search"
        aria-label={say('Search flows')}
        placeholder={say('Search')}
        className="w-40"
        value={wanted.q}
        onChange={(event) => void setWanted({ q: event.target.value || null })}
      />
      <Chips
        label={say('Status')}
        options={statuses
          .filter(({ value }) => counts.has(value) || wanted.status.includes(value))
          .map((option) => ({ ...option, count: counts.get(option.value) ?? 0 }))}
        chosen={wanted.status}
        onChange={(next) => void setWanted({ status: next.length > 0 ? next : null })}
      />
      {viewer.userId && (
        <Chips
          label={say('Whose')}
          options={[{ value: 'mine', text: say('Started by me') }]}
          chosen={wanted.mine ? ['mine'] : []}
          onChange={(next) => void setWanted({ mine: next.length > 0 || null })}
        />
      )}
      <SinceChoice label={say('Created')} value={wanted.since} onChoose={(since) => void setWanted({ since })} />
      <Choice
        aria-label={say('Order')}
        className="w-auto max-w-full"
        value={wanted.order}
        names={orders}
        wordOf={(name) => say(orderNames[name])}
        onChoose={(name) => void setWanted({ order: name })}
      />
    </>
  );
  const rows = useMemo<readonly FlowRow[]>(
    () => query.data?.pages.flatMap((page) => page.flows?.nodes ?? []) ?? [],
    [query.data],
  );
  const first = query.data?.pages[0]?.flows;
  const refetchSoon = useSettled(() => {
    void query.refetch();
    void facets.refetch();
  }, 400);

  const patch = (states: readonly RunningState[]) =>
    client.setQueryData<InfiniteData<FlowsQuery>>(
      query.key,
      (old) =>
        old && {
          ...old,
          pages: old.pages.map((page) =>
            page.flows ? { ...page, flows: { ...page.flows, nodes: [...patchRows(page.flows.nodes, states)] } } : page,
          ),
        },
    );
  useFollow(
    FlowUpdates,
    {},
    {
      after: first?.streamCursor,
      onReset: () => void query.refetch(),
      onEvents: (events: readonly FlowUpdatesSubscription['flowUpdates'][]) => {
        patch(events.flatMap(({ flow }) => flow ?? []));
        // Phases, figures and places in the list are not in the event.
        const known = new Set(rows.map(({ id }) => id));
        if (events.some(({ flow, type }) => type !== 'flow.progress' || !flow || !known.has(flow.id))) refetchSoon();
      },
    },
  );

  return (
    <>
      <ProgressOfRunning flows={rows} onStates={patch} />
      <PageHeader
        title={say('Flows')}
        about={say('What has been discovered, runs now, or waits for somebody.')}
        actions={
          <div
            role="group"
            aria-label={say('View')}
            className="flex rounded-md border border-line-strong bg-surface p-0.5"
          >
            <Button
              size="small"
              variant={view === 'table' ? 'primary' : 'ghost'}
              icon="table"
              aria-pressed={view === 'table'}
              onClick={() => set({ flowsView: 'table' })}
            >
              {say('Table')}
            </Button>
            <Button
              size="small"
              variant={view === 'timeline' ? 'primary' : 'ghost'}
              icon="chartGantt"
              aria-pressed={view === 'timeline'}
              onClick={() => set({ flowsView: 'timeline' })}
            >
              {say('Timeline')}
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
              readAll={async () => (await query.readAll(mostPages)).flatMap((page) => page.flows?.nodes ?? [])}
              tools={tools}
              empty={<NoFlows filtered={isFiltered} onClear={clear} />}
            />
          ) : (
            <div className="rounded-lg border border-line bg-surface">
              <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5">{tools}</div>
              {rows.length === 0 ? <NoFlows filtered={isFiltered} onClear={clear} /> : <Gantt flows={rows} />}
              {query.hasNextPage && (
                <div className="border-t border-line p-3 text-center">
                  <Button onClick={() => void query.fetchNextPage()} busy={query.isFetchingNextPage}>
                    {say('Load more')}
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
      <Empty icon="search" title={say('No flow matches')}>
        <Button onClick={onClear}>{say('Show all')}</Button>
      </Empty>
    );
  }
  return (
    <Empty icon="workflow" title={say('No flow yet')}>
      {sayWith('{start} from a file of your estate.', {
        start: (
          <Link to="discover" className="text-accent underline">
            {say('Start a discovery')}
          </Link>
        ),
      })}
    </Empty>
  );
}
