'use client';
import { useMemo, useState } from 'react';
import { chartOf } from '../../charts/chartOf';
import { TimeChart } from '../../charts/TimeChart';
import { RulePreview, Series } from '../../graph/generated/operations';
import type { AlertRuleInput } from '../../graph/generated/types';
import { useGraph } from '../../graph/useGraph';
import { asTimeRange } from '../../filters/timeRange';
import { Query } from '../../parts/Query';
import { Empty } from '../../ui/states';
import { metricValue } from '../../words/format';

const weekMs = 7 * 86_400_000;

/** The last seven days of the figure, with the threshold and where the rule would have fired. */
export function RulePreviewChart({ input }: { readonly input: AlertRuleInput | null }) {
  const [range] = useState(() => asTimeRange({ from: Date.now() - weekMs, to: Date.now() }));
  const filter = useMemo(
    () =>
      input?.scope
        ? {
            agent: input.scope.agent,
            department: input.scope.department,
            environment: input.scope.environment,
            model: input.scope.model,
            version: input.scope.version,
            flowId: input.scope.flowId,
          }
        : null,
    [input],
  );
  const preview = useGraph(
    RulePreview,
    { input: input ?? emptyRule, range },
    { enabled: input !== null, refetchInterval: false },
  );
  const series = useGraph(
    Series,
    { metric: input?.metric ?? 'REQUESTS', bucket: 'HOUR', range, filter, groupBy: input?.groupBy ?? null },
    { enabled: input !== null, refetchInterval: false },
  );
  if (!input) return null;
  return (
    <Query query={preview}>
      {({ previewAlertRule }) => {
        const firings = previewAlertRule?.firings ?? [];
        return (
          <section aria-label="What it would have done" className="rounded-lg border border-line p-3">
            <p className="mb-2 text-sm font-medium" role="status">
              {firings.length === 0
                ? 'It would not have fired in 7 days.'
                : `It would have fired ${firings.length} ${firings.length === 1 ? 'time' : 'times'} in 7 days.`}
            </p>
            <Query query={series}>
              {({ metricSeries }) => {
                const chart = chartOf((metricSeries ?? []).map((each) => ({ name: each.key ?? 'all', series: each })));
                if (chart.times.length === 0) return <Empty icon="chartLine" title="No agent ran in these 7 days" />;
                return (
                  <TimeChart
                    label="The figure of the rule"
                    times={chart.times}
                    series={chart.series}
                    format={(value) => metricValue(input.metric, value)}
                    height={170}
                    threshold={input.threshold}
                    marked={firings.map(({ from, to }) => ({
                      from: Date.parse(from) / 1_000,
                      to: to ? Date.parse(to) / 1_000 : Date.parse(range.to) / 1_000,
                    }))}
                  />
                );
              }}
            </Query>
            <p className="mt-1 text-xs text-faint">
              Hours are drawn; the rule itself looks at its window every few seconds. Red: it would have been open.
            </p>
          </section>
        );
      }}
    </Query>
  );
}

const emptyRule: AlertRuleInput = {
  name: '-',
  metric: 'REQUESTS',
  comparison: 'ABOVE',
  threshold: 0,
  windowSeconds: 60,
  severity: 'INFO',
};
