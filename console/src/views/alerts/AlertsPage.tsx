'use client';
import { useQueryClient, type InfiniteData } from '@tanstack/react-query';
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryState } from 'nuqs';
import { useDeferredValue, useMemo, useState } from 'react';
import { Chips } from '../../filters/Chips';
import { SinceChoice, sinceTimes, useSince } from '../../filters/SinceChoice';
import { AlertFacets, AlertUpdates, Alerts } from '../../graph/generated/operations';
import type { AlertFilter, AlertsQuery, AlertUpdatesSubscription } from '../../graph/generated/types';
import { useGraph, useGraphPages } from '../../graph/useGraph';
import { Link } from '../../host/navigation';
import { patchRows } from '../../live/patches';
import { useFollow } from '../../live/useFollow';
import { useSettled } from '../../live/useSettled';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { useMay } from '../../session/Permissions';
import { useSignedIn } from '../../session/SessionProvider';
import { DataTable } from '../../tables/DataTable';
import { Button } from '../../ui/Button';
import { Input, Select } from '../../ui/Field';
import { Empty } from '../../ui/states';
import { say, sayWith } from '../../words/say';
import { alertColumns, type AlertRow } from './alertColumns';
import { AlertDrawer } from './AlertDrawer';
import { HandleAlerts, type Handling } from './HandleAlerts';

const severities = ['INFO', 'WARNING', 'CRITICAL'] as const;
const statuses = [
  { value: 'FIRING', text: 'Firing' },
  { value: 'ACKNOWLEDGED', text: 'Acknowledged' },
  { value: 'RESOLVED', text: 'Resolved' },
] as const;

export function AlertsPage() {
  const client = useQueryClient();
  const { workspaceId } = useSignedIn();
  const [status, setStatus] = useQueryState(
    'status',
    parseAsArrayOf(parseAsString).withDefault(['FIRING', 'ACKNOWLEDGED']),
  );
  const [severity, setSeverity] = useQueryState('severity', parseAsStringLiteral(severities).withDefault('INFO'));
  const [open, setOpen] = useQueryState('alert', parseAsString);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [handles, setHandles] = useState<{
    readonly how: Handling;
    readonly alerts: readonly Pick<AlertRow, 'id' | 'title'>[];
  } | null>(null);
  const mayAcknowledge = useMay('alert.acknowledge');
  const mayResolve = useMay('alert.resolve');
  const [search, setSearch] = useQueryState('q', parseAsString.withDefault(''));
  const [since, setSince] = useQueryState('since', parseAsStringLiteral(sinceTimes).withDefault('ever'));
  const seenAfter = useSince(since);
  const filter = useDeferredValue<AlertFilter>(
    useMemo(
      () => ({
        status: status.length > 0 ? (status as AlertFilter['status']) : null,
        minSeverity: severity === 'INFO' ? null : severity,
        search: search.trim() || null,
        seenAfter,
      }),
      [status, severity, search, seenAfter],
    ),
  );
  const facets = useGraph(AlertFacets, { filter });
  const counts = new Map((facets.data?.alertFacets?.status ?? []).map(({ value, count }) => [value, count]));
  const isFiltered = search !== '' || since !== 'ever' || severity !== 'INFO' || status.length !== 2;
  const query = useGraphPages(Alerts, { filter }, (data) => data.alerts);
  const rows = useMemo<readonly AlertRow[]>(
    () => query.data?.pages.flatMap((page) => page.alerts?.nodes ?? []) ?? [],
    [query.data],
  );
  const refetchSoon = useSettled(() => {
    void query.refetch();
    void facets.refetch();
    void client.invalidateQueries({ queryKey: [workspaceId, 'Alert'] });
  }, 300);
  useFollow(
    AlertUpdates,
    {},
    {
      after: query.data?.pages[0]?.alerts?.streamCursor,
      onReset: () => void query.refetch(),
      onEvents: (events: readonly AlertUpdatesSubscription['alertUpdates'][]) => {
        const states = events.flatMap(({ alert }) => alert ?? []);
        client.setQueryData<InfiniteData<AlertsQuery>>(
          query.key,
          (old) =>
            old && {
              ...old,
              pages: old.pages.map((page) =>
                page.alerts
                  ? { ...page, alerts: { ...page.alerts, nodes: [...patchRows(page.alerts.nodes, states)] } }
                  : page,
              ),
            },
        );
        refetchSoon();
      },
    },
  );

  const columns = useMemo(() => alertColumns(selected, (row) => setSelected(withOrWithout(row))), [selected]);
  const chosen = rows.filter(({ id }) => selected.has(id));
  const handle = (how: 'acknowledge' | 'resolve', alerts: readonly AlertRow[]) => {
    const fitting = alerts.filter(
      (alert) => alert.status === 'FIRING' || (how === 'resolve' && alert.status === 'ACKNOWLEDGED'),
    );
    if (fitting.length > 0) setHandles({ how, alerts: fitting });
  };

  return (
    <>
      <PageHeader
        title={say('Alerts')}
        about={say('What needs, or needed, a person. In the list: a acknowledges, r resolves, Space selects.')}
        actions={
          chosen.length > 0 && (
            <>
              {mayAcknowledge && (
                <Button icon="check" onClick={() => handle('acknowledge', chosen)}>
                  {say('Acknowledge {chosen}', { chosen: chosen.length })}
                </Button>
              )}
              {mayResolve && (
                <Button icon="circleCheck" onClick={() => handle('resolve', chosen)}>
                  {say('Resolve {chosen}', { chosen: chosen.length })}
                </Button>
              )}
            </>
          )
        }
      />
      <Query query={query}>
        {({ pages }) => (
          <DataTable
            name="alerts"
            columns={columns}
            rows={rows}
            keyOf={({ id }) => id}
            onOpen={({ id }) => void setOpen(id)}
            selected={selected}
            onSelect={(row) => setSelected(withOrWithout(row))}
            onKey={(key, row) => {
              if (key === 'a' && mayAcknowledge) handle('acknowledge', [row]);
              if (key === 'r' && mayResolve) handle('resolve', [row]);
            }}
            hasMore={query.hasNextPage}
            loadsMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            rowHeight={52}
            narrowRowHeight={72}
            total={pages[0]?.alerts?.totalCount ?? null}
            tools={
              <>
                <Input
                  type="search"
                  aria-label={say('Search alerts')}
                  placeholder={say('Search')}
                  className="w-40"
                  value={search}
                  onChange={(event) => void setSearch(event.target.value || null)}
                />
                <Chips
                  label={say('Status')}
                  options={statuses.map(({ value, text }) => ({
                    value,
                    text: say(text),
                    count: counts.get(value) ?? 0,
                  }))}
                  chosen={status}
                  onChange={(next) => void setStatus(next)}
                />
                <SinceChoice label={say('Last seen')} value={since} onChoose={(next) => void setSince(next)} />
                <Select
                  aria-label={say('Severity')}
                  className="w-auto max-w-full"
                  value={severity}
                  onChange={(event) => void setSeverity(event.target.value as (typeof severities)[number])}
                >
                  <option value="INFO">{say('any severity')}</option>
                  <option value="WARNING">{say('warning and up')}</option>
                  <option value="CRITICAL">{say('critical')}</option>
                </Select>
              </>
            }
            readAll={async () => (await query.readAll(100)).flatMap((page) => page.alerts?.nodes ?? [])}
            empty={
              isFiltered ? (
                <Empty icon="search" title={say('No alert matches')}>
                  <Button
                    onClick={() => {
                      void setSearch(null);
                      void setSince(null);
                      void setSeverity(null);
                      void setStatus(null);
                    }}
                  >
                    {say('Show what is open')}
                  </Button>
                </Empty>
              ) : (
                <Empty icon="circleCheck" title={say('Nothing is wrong')}>
                  {sayWith('Alerts come from failed flows and from {rules} over what agents do.', {
                    rules: (
                      <Link to="rules" className="text-accent underline">
                        {say('rules')}
                      </Link>
                    ),
                  })}
                </Empty>
              )
            }
          />
        )}
      </Query>
      {open !== null && (
        <AlertDrawer
          id={open}
          title={rows.find(({ id }) => id === open)?.title}
          onClose={() => void setOpen(null)}
          onHandle={(how, alert) => setHandles({ how, alerts: [alert] })}
        />
      )}
      {handles && (
        <HandleAlerts
          how={handles.how}
          alerts={handles.alerts}
          onClose={() => {
            setHandles(null);
            setSelected(new Set());
          }}
        />
      )}
    </>
  );
}

/** What is selected after a row was: without it when it was selected. */
function withOrWithout({ id }: AlertRow): (selected: ReadonlySet<string>) => ReadonlySet<string> {
  return (selected) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    return next;
  };
}
