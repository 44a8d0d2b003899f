'use client';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { Bars } from '../../charts/Bars';
import { chartOf } from '../../charts/chartOf';
import { TimeChart } from '../../charts/TimeChart';
import { RangePicker } from '../../filters/RangePicker';
import { useRange } from '../../filters/useRange';
import { AlertUpdates, FlowUpdates, Home } from '../../graph/generated/operations';
import type { AlertUpdatesSubscription, FlowUpdatesSubscription, HomeQuery } from '../../graph/generated/types';
import { useGraph } from '../../graph/useGraph';
import { Link, useGo } from '../../host/navigation';
import { patchRows } from '../../live/patches';
import { useFollow } from '../../live/useFollow';
import { useSettled } from '../../live/useSettled';
import { CriticalityBadge, SeverityBadge, StatusBadge } from '../../parts/badges';
import { PageHeader } from '../../parts/PageHeader';
import { ProgressOfRunning, type RunningState } from '../../parts/ProgressOfRunning';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { Card } from '../../ui/Card';
import { Progress } from '../../ui/Progress';
import { Empty, Skeleton } from '../../ui/states';
import { count, duration, label, money, nameOf, percent } from '../../words/format';
import { say, sayWith } from '../../words/say';
import { ActivityCard, keepActivity } from './ActivityCard';
import { KpiTile } from './KpiTile';
import { activeAt, shareOf, sumOf } from './sparks';

export function HomePage() {
  const { text, timeRange, bucket, setSpan } = useRange();
  const query = useGraph(Home, { range: timeRange, bucket }, { merge: keepActivity });
  const { refetch } = query;
  const refetchAll = useCallback(() => void refetch(), [refetch]);
  return (
    <>
      <PageHeader title={say('Home')} actions={<RangePicker value={text} onChange={setSpan} />} />
      <Query query={query} loading={<HomeSkeleton />}>
        {(data) => <HomeContent data={data} queryKey={query.key} refetch={refetchAll} />}
      </Query>
    </>
  );
}

interface HomeContentProps {
  readonly data: HomeQuery;
  readonly queryKey: readonly unknown[];
  readonly refetch: () => void;
}

function HomeContent({ data, queryKey, refetch }: HomeContentProps) {
  const go = useGo();
  const client = useQueryClient();
  const refetchSoon = useSettled(refetch, 600);
  const changeHome = useCallback(
    (change: (home: HomeQuery) => HomeQuery) =>
      client.setQueryData<HomeQuery>(queryKey, (old) => (old ? change(old) : old)),
    [client, queryKey],
  );
  const patch = (states: readonly RunningState[]) =>
    changeHome((home) =>
      home.latest ? { ...home, latest: { ...home.latest, nodes: [...patchRows(home.latest.nodes, states)] } } : home,
    );
  useFollow(
    FlowUpdates,
    {},
    {
      after: data.latest?.streamCursor,
      onReset: refetch,
      onEvents: (events: readonly FlowUpdatesSubscription['flowUpdates'][]) => {
        patch(events.flatMap(({ flow }) => flow ?? []));
        refetchSoon();
      },
    },
  );
  useFollow(
    AlertUpdates,
    {},
    {
      after: data.firing?.streamCursor,
      onReset: refetch,
      onEvents: (_events: readonly AlertUpdatesSubscription['alertUpdates'][]) => refetchSoon(),
    },
  );

  const { kpis, firing, latest, waiting } = data;
  // Made anew with their figures only: an event of a flow draws no chart.
  const runs = useMemo(
    () =>
      chartOf([
        { name: say('Runs'), series: data.requests?.[0] },
        { name: say('Errors'), series: data.errors?.[0], tone: 'bad' },
      ]),
    [data.requests, data.errors],
  );
  const cost = useMemo(() => chartOf([{ name: say('Cost'), series: data.cost?.[0] }]), [data.cost]);
  const sparks = useMemo(() => {
    const [latency, read, written] = chartOf([
      { name: '', series: data.latency?.[0] },
      { name: '', series: data.tokensIn?.[0] },
      { name: '', series: data.tokensOut?.[0] },
    ]).series.map(({ values }) => values);
    const [requests = [], errors = []] = runs.series.map(({ values }) => values);
    return {
      errorRate: shareOf(errors, requests),
      latency,
      agents: activeAt(data.agents),
      tokens: sumOf(read ?? [], written ?? []),
    };
  }, [runs, data.latency, data.tokensIn, data.tokensOut, data.agents]);
  const noRuns = (kpis?.requests.value ?? 0) === 0;
  return (
    <div className="grid gap-4">
      <ProgressOfRunning flows={latest?.nodes ?? []} onStates={patch} />
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        <KpiTile
          title={say('Agent runs')}
          value={count(kpis?.requests.value)}
          change={kpis?.requests.change}
          before={count(kpis?.requests.previous)}
          values={runs.series[0]?.values}
        />
        <KpiTile
          title={say('Cost')}
          value={money(kpis?.costUsd.value)}
          change={kpis?.costUsd.change}
          before={money(kpis?.costUsd.previous)}
          values={cost.series[0]?.values}
          less
        />
        <KpiTile
          title={say('Error rate')}
          value={percent(kpis?.errorRate.value)}
          change={kpis?.errorRate.change}
          before={percent(kpis?.errorRate.previous)}
          values={sparks.errorRate}
          less
        />
        <KpiTile
          title={say('Latency p95')}
          value={duration(kpis?.latencyMs.p95)}
          note={say('median {p50}', { p50: duration(kpis?.latencyMs.p50) })}
          values={sparks.latency}
        />
        <KpiTile
          title={say('Active agents')}
          value={count(kpis?.activeAgents.value)}
          change={kpis?.activeAgents.change}
          before={count(kpis?.activeAgents.previous)}
          values={sparks.agents}
        />
        <KpiTile
          title={say('Tokens')}
          value={count((kpis?.inputTokens.value ?? 0) + (kpis?.outputTokens.value ?? 0))}
          note={say('{value} written', { value: count(kpis?.outputTokens.value) })}
          values={sparks.tokens}
        />
      </div>

      <div className="grid gap-4 lg:grid-cols-3">
        <Card title={say('Runs')} className="lg:col-span-2">
          {noRuns ? (
            <Empty icon="chartLine" title={say('No agent ran in this time')}>
              {sayWith(
                'Agents report their runs with {mutation}; a discovery reports its own. Choose a longer range above.',
                { mutation: <code className="font-mono">ingestTraces</code> },
              )}
            </Empty>
          ) : (
            <TimeChart
              label={say('Runs and errors over time')}
              times={runs.times}
              series={runs.series}
              format={count}
              height={236}
              bars
            />
          )}
        </Card>
        <Card
          title={say('Open alerts')}
          aside={<Link to="alerts">{say('{totalCount} open', { totalCount: count(firing?.totalCount) })}</Link>}
          flush
        >
          {!firing || firing.nodes.length === 0 ? (
            <Empty icon="circleCheck" title={say('Nothing is wrong')}>
              {sayWith('Alerts come from failed flows and from {rules} over what agents do.', {
                rules: (
                  <Link to="rules" className="text-accent underline">
                    {say('rules')}
                  </Link>
                ),
              })}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {firing.nodes.map(({ id, title, severity, lastSeenAt }) => (
                <li key={id}>
                  <Link
                    to="alerts"
                    search={{ alert: id }}
                    className="flex items-start gap-2 px-4 py-2.5 text-sm hover:bg-sunken"
                  >
                    <SeverityBadge severity={severity} />
                    <span className="line-clamp-2 min-w-0 flex-1">{title}</span>
                    <span className="text-xs text-faint">
                      <RelativeTime time={lastSeenAt} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>

      <div className="grid gap-4 lg:grid-cols-3">
        <Card
          title={say('Latest flows')}
          aside={<Link to="flows">{say('All {totalCount}', { totalCount: count(latest?.totalCount) })}</Link>}
          className="lg:col-span-2"
          flush
        >
          {!latest || latest.nodes.length === 0 ? (
            <Empty icon="workflow" title={say('No flow yet')}>
              {sayWith('{start} from a file of your estate.', {
                start: (
                  <Link to="discover" className="text-accent underline">
                    {say('Start a discovery')}
                  </Link>
                ),
              })}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {latest.nodes.map((flow) => (
                <li key={flow.id}>
                  <Link
                    to="flow"
                    search={{ id: flow.id }}
                    className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-3 px-4 py-2.5 text-sm hover:bg-sunken sm:grid-cols-[minmax(0,1fr)_9rem_8rem_6.5rem]"
                  >
                    <span className="truncate font-medium">{flow.name}</span>
                    <span className="hidden sm:block">
                      {['RUNNING', 'QUEUED', 'PAUSED'].includes(flow.status) ? (
                        <Progress value={flow.progress} label={say('Progress of {name}', { name: flow.name })} />
                      ) : (
                        <span className="text-xs text-faint">
                          {flow.currentPhase ? nameOf(flow.currentPhase.title) : label(flow.kind)}
                        </span>
                      )}
                    </span>
                    <span>
                      <StatusBadge status={flow.status} />
                    </span>
                    <span className="hidden text-right text-xs text-faint sm:block">
                      <RelativeTime time={flow.createdAt} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Card>
        <Card title={say('Waiting for approval')} aside={count(waiting?.totalCount)} flush>
          {!waiting || waiting.nodes.length === 0 ? (
            <Empty icon="circleCheck" title={say('Nobody waits for you')}>
              {say('A discovery that asks for approval stops after its columns have been mapped, and shows up here.')}
            </Empty>
          ) : (
            <ul className="divide-y divide-line">
              {waiting.nodes.map(({ id, name, createdAt }) => (
                <li key={id}>
                  <Link
                    to="flow"
                    search={{ id, tab: 'mapping' }}
                    className="flex items-center gap-2 px-4 py-2.5 text-sm hover:bg-sunken"
                  >
                    <span className="min-w-0 flex-1 truncate font-medium">{name}</span>
                    <span className="text-xs text-faint">
                      <RelativeTime time={createdAt} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>

      <div className="grid gap-4 lg:grid-cols-3">
        <Card title={say('Cost')}>
          {noRuns ? (
            <Empty icon="chartLine" title={say('No cost in this time')} />
          ) : (
            <TimeChart
              label={say('Cost over time')}
              times={cost.times}
              series={cost.series}
              format={money}
              height={180}
            />
          )}
        </Card>
        <Card title={say('Dearest agents')} aside={<Link to="explore">{say('Explore')}</Link>}>
          {!data.byAgent || data.byAgent.length === 0 ? (
            <Empty icon="activity" title={say('No agent ran in this time')} />
          ) : (
            <Bars
              bars={data.byAgent.map(({ key, costUsd, requests }) => ({
                key: key ?? '',
                name: key ?? 'unnamed',
                value: costUsd,
                text: money(costUsd),
                aside: say('{requests} runs', { requests: count(requests) }),
                onOpen: () => go('explore', { agent: key }),
              }))}
            />
          )}
        </Card>
        <Card title={say('Assets by kind')} aside={<Link to="assets">{say('All assets')}</Link>}>
          {!data.assetFacets || data.assetFacets.kind.length === 0 ? (
            <Empty icon="boxes" title={say('No asset yet')}>
              {say('A discovery fills the inventory.')}
            </Empty>
          ) : (
            <>
              <Bars
                bars={data.assetFacets.kind.slice(0, 6).map(({ value, count: assets }) => ({
                  key: value ?? '',
                  name: label(value),
                  value: assets,
                  text: count(assets),
                  onOpen: () => go('assets', { kind: value }),
                }))}
              />
              <div className="mt-4 flex flex-wrap gap-3 border-t border-line pt-3 text-xs">
                {data.assetFacets.criticality.map(({ value, count: assets }) => (
                  <span key={value} className="nums flex items-center gap-1.5">
                    {value === 'UNKNOWN' ? say('Unknown') : <CriticalityBadge criticality={value ?? 'UNKNOWN'} />}{' '}
                    {count(assets)}
                  </span>
                ))}
              </div>
            </>
          )}
        </Card>
      </div>

      <ActivityCard activity={data.activity} onHomeChange={changeHome} refetch={refetch} />
    </div>
  );
}

function HomeSkeleton() {
  return (
    <div role="status" aria-label={say('Loading')} className="grid gap-4">
      <div className="grid grid-cols-2 gap-3 md:grid-cols-3 xl:grid-cols-6">
        {Array.from({ length: 6 }, (_, index) => (
          <Skeleton key={index} className="h-24" />
        ))}
      </div>
      <Skeleton className="h-64" />
      <Skeleton className="h-64" />
    </div>
  );
}
