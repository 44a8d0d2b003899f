'use client';
import { parseAsString, parseAsStringLiteral, useQueryState, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { Bars } from '../../charts/Bars';
import { chartOf } from '../../charts/chartOf';
import { TimeChart } from '../../charts/TimeChart';
import { RangePicker } from '../../filters/RangePicker';
import { useRange } from '../../filters/useRange';
import { Breakdown, Series, Traces } from '../../graph/generated/operations';
import type { Metric, MetricDimension, MetricFilter } from '../../graph/generated/types';
import { useGraph, useGraphPages } from '../../graph/useGraph';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { traceColumns, traceOrderNames, traceOrders } from '../../parts/traceColumns';
import { TraceDrawer } from '../../parts/TraceDrawer';
import { DataTable } from '../../tables/DataTable';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Choice, Field } from '../../ui/Field';
import { Empty } from '../../ui/states';
import { count, duration, inSentence, label, metricValue, money, percent } from '../../words/format';
import { metricName } from '../../words/metricNames';
import { say } from '../../words/say';

const metrics = [
  'REQUESTS',
  'COST_USD',
  'ERRORS',
  'ERROR_RATE',
  'LATENCY_P50',
  'LATENCY_P95',
  'LATENCY_P99',
  'INPUT_TOKENS',
  'OUTPUT_TOKENS',
] as const satisfies readonly Metric[];
const groups = [
  'AGENT',
  'MODEL',
  'STATUS',
  'DEPARTMENT',
  'ENVIRONMENT',
  'VERSION',
  'FLOW',
] as const satisfies readonly MetricDimension[];
const filterNames = ['agent', 'model', 'status', 'department', 'environment', 'version'] as const;

/** Back leads to what was looked at before. */
const visited = { history: 'push' } as const;
/** Bars that are drawn, of groups that are asked for. */
const mostBars = 10;

export function ExplorePage() {
  const { text, timeRange, bucket, setSpan, zoom } = useRange();
  const [metric, setMetric] = useQueryState(
    'metric',
    parseAsStringLiteral(metrics).withDefault('REQUESTS').withOptions(visited),
  );
  const [groupBy, setGroupBy] = useQueryState(
    'by',
    parseAsStringLiteral(groups).withDefault('AGENT').withOptions(visited),
  );
  const [chosen, setChosen] = useQueryStates(
    {
      agent: parseAsString,
      model: parseAsString,
      status: parseAsString,
      department: parseAsString,
      environment: parseAsString,
      version: parseAsString,
    },
    visited,
  );
  const [order, setOrder] = useQueryState('order', parseAsStringLiteral(traceOrders).withDefault('STARTED_DESC'));
  const [trace, setTrace] = useQueryState('trace', parseAsString);
  const filter = useMemo<MetricFilter>(
    () => Object.fromEntries(filterNames.flatMap((name) => (chosen[name] ? [[name, [chosen[name]]]] : []))),
    [chosen],
  );
  const series = useGraph(Series, { metric, bucket, range: timeRange, filter, groupBy });
  const breakdown = useGraph(Breakdown, { by: groupBy, range: timeRange, filter });
  const traces = useGraphPages(Traces, { range: timeRange, filter, orderBy: order }, (data) => data.traces);
  const active = filterNames.filter((name) => chosen[name]);
  const format = (value: number | null) => metricValue(metric, value);

  return (
    <>
      <PageHeader
        title={say('Explore')}
        about={say('What agents did, how long it took and what it cost.')}
        actions={<RangePicker value={text} onChange={setSpan} />}
      />
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <div className="w-44">
          <Field label={say('Figure')}>
            {({ id }) => (
              <Choice
                id={id}
                value={metric}
                names={metrics}
                wordOf={(name) => metricName(name)}
                onChoose={(name) => void setMetric(name)}
              />
            )}
          </Field>
        </div>
        <div className="w-40">
          <Field label={say('By')}>
            {({ id }) => (
              <Choice
                id={id}
                value={groupBy}
                names={groups}
                wordOf={label}
                onChoose={(name) => void setGroupBy(name)}
              />
            )}
          </Field>
        </div>
        {active.map((name) => (
          <Button
            key={name}
            icon="x"
            onClick={() => void setChosen({ [name]: null })}
            aria-label={say('Remove the filter {name} {chosen}', { name: label(name), chosen: chosen[name] ?? '' })}
          >
            {label(name)}: {chosen[name]}
          </Button>
        ))}
      </div>
      <div className="grid gap-4 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <Card title={metricName(metric)} aside={say('drag over the chart to look closer')}>
          <Query query={series}>
            {({ metricSeries }) => {
              const chart = chartOf((metricSeries ?? []).map((each) => ({ name: each.key ?? 'none', series: each })));
              if (
                chart.series.length === 0 ||
                chart.series.every(({ values }) => values.every((value) => value === null || value === 0))
              )
                return (
                  <Empty icon="chartLine" title={say('No agent ran in this time')}>
                    {say('Choose a longer range, or take filters away.')}
                  </Empty>
                );
              return (
                <TimeChart
                  label={metricName(metric)}
                  times={chart.times}
                  series={chart.series}
                  format={format}
                  height={300}
                  onZoom={(from, to) => zoom({ from, to })}
                />
              );
            }}
          </Query>
        </Card>
        <Card title={say('By {group}', { group: inSentence(label(groupBy)) })} aside={say('a click filters')}>
          <Query query={breakdown}>
            {({ metricBreakdown }) =>
              !metricBreakdown || metricBreakdown.length === 0 ? (
                <Empty title={say('Nothing to divide')} icon="activity" />
              ) : (
                <>
                  <Bars
                    bars={metricBreakdown
                      .map((each) => ({
                        key: each.key ?? '',
                        name: groupBy === 'STATUS' ? label(each.key) : (each.key ?? 'none'),
                        ...barOf(metric, each),
                        ...(each.key && groupBy !== 'FLOW'
                          ? { onOpen: () => void setChosen({ [groupBy.toLowerCase()]: each.key }) }
                          : {}),
                      }))
                      .sort((one, other) => other.value - one.value)
                      .slice(0, mostBars)}
                  />
                  {metricBreakdown.length > mostBars && (
                    <p className="mt-2 text-xs text-faint">{say('There are more: a filter shows them.')}</p>
                  )}
                </>
              )
            }
          </Query>
        </Card>
      </div>
      <div className="mt-4">
        <Query query={traces}>
          {({ pages }) => (
            <DataTable
              name="traces"
              columns={traceColumns}
              rows={pages.flatMap((page) => page.traces?.nodes ?? [])}
              keyOf={({ id }) => id}
              onOpen={({ id }) => void setTrace(id)}
              hasMore={traces.hasNextPage}
              loadsMore={traces.isFetchingNextPage}
              onMore={() => void traces.fetchNextPage()}
              tools={
                <>
                  <h2 className="text-sm font-semibold">{say('Traces')}</h2>
                  <Choice
                    aria-label={say('Order')}
                    className="w-auto max-w-full"
                    value={order}
                    names={traceOrders}
                    wordOf={(name) => say(traceOrderNames[name])}
                    onChoose={(name) => void setOrder(name)}
                  />
                </>
              }
              empty={<Empty icon="activity" title={say('No trace in this time')} />}
            />
          )}
        </Query>
      </div>
      {trace && <TraceDrawer id={trace} onClose={() => void setTrace(null)} onOpen={(id) => void setTrace(id)} />}
    </>
  );
}

interface BreakdownRow {
  readonly requests: number;
  readonly costUsd: number;
  readonly errorRate?: number | null;
  readonly latencyP95Ms?: number | null;
}

/** What a breakdown can say of a metric; runs where it has no figure of its own. */
function barOf(
  metric: Metric,
  row: BreakdownRow,
): { readonly value: number; readonly text: string; readonly aside?: string } {
  const runs = say('{requests} runs', { requests: count(row.requests) });
  if (metric === 'COST_USD') return { value: row.costUsd, text: money(row.costUsd), aside: runs };
  if (metric === 'ERROR_RATE' || metric === 'ERRORS')
    return { value: row.errorRate ?? 0, text: percent(row.errorRate), aside: runs };
  if (metric.startsWith('LATENCY'))
    return { value: row.latencyP95Ms ?? 0, text: duration(row.latencyP95Ms), aside: runs };
  return { value: row.requests, text: count(row.requests), aside: money(row.costUsd) };
}
