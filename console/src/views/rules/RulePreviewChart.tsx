'use client';
import { useState } from 'react';
import { chartOf } from '../../charts/chartOf';
import { TimeChart } from '../../charts/TimeChart';
import { asTimeRange } from '../../filters/timeRange';
import { RuleChangePreview, RulePreview } from '../../graph/generated/operations';
import type { AlertRuleInput, RulePreviewQuery } from '../../graph/generated/types';
import { useGraph } from '../../graph/useGraph';
import { Query } from '../../parts/Query';
import { Empty } from '../../ui/states';
import { count, metricValue } from '../../words/format';
import { patchOf, type Rule } from './ruleForm';
import { say } from '../../words/say';

const weekMs = 7 * 86_400_000;
/** A preview tells of so many at most. */
const mostFirings = 1_000;
type Preview = NonNullable<RulePreviewQuery['previewAlertRule']>;

interface RulePreviewChartProps {
  /** Null while what is typed is no rule yet. */
  readonly input: AlertRuleInput | null;
  /** The rule that is changed; null for a new one. */
  readonly rule: Rule | null;
}

/** The last seven days of the rule's figure, as it measures it, with its threshold and the stretches in which it would have fired. */
export function RulePreviewChart({ input, rule }: RulePreviewChartProps) {
  const [range] = useState(() => asTimeRange({ from: Date.now() - weekMs, to: Date.now() }));
  if (!input) return null;
  return rule ? <ChangedRule input={input} rule={rule} range={range} /> : <NewRule input={input} range={range} />;
}

interface Asked {
  readonly input: AlertRuleInput;
  readonly range: { readonly from: string; readonly to: string };
}

function NewRule({ input, range }: Asked) {
  const query = useGraph(RulePreview, { input, range }, { refetchInterval: false });
  return (
    <Query query={query}>
      {({ previewAlertRule }) =>
        previewAlertRule && <Drawn input={input} range={range} preview={previewAlertRule} compared={null} />
      }
    </Query>
  );
}

function ChangedRule({ input, range, rule }: Asked & { readonly rule: Rule }) {
  const query = useGraph(RuleChangePreview, { id: rule.id, patch: patchOf(input), range }, { refetchInterval: false });
  return (
    <Query query={query}>
      {({ previewAlertRuleChange: change }) =>
        change && (
          <Drawn
            input={input}
            range={range}
            preview={change.after}
            compared={{ added: change.added.length, removed: change.removed.length }}
          />
        )
      }
    </Query>
  );
}

interface DrawnProps extends Asked {
  readonly preview: Preview;
  /** Firings that only the changed rule, and only the rule as it is, would have had. */
  readonly compared: { readonly added: number; readonly removed: number } | null;
}

function Drawn({ input, range, preview, compared }: DrawnProps) {
  const { firings } = preview;
  const chart = chartOf(seriesOf(preview));
  const hasValues = chart.series.some(({ values }) => values.some((value) => value !== null));
  const notes = [
    compared && (compared.added > 0 || compared.removed > 0)
      ? say('Beside the rule as it is: {added} more, {removed} fewer.', {
          added: compared.added,
          removed: compared.removed,
        })
      : null,
    firings.length === 0
      ? null
      : preview.notifications === 1
        ? say('People would have been told once.')
        : say('People would have been told {notifications} times.', { notifications: preview.notifications }),
    preview.flapping ? say('It comes and goes so often that it would have stayed open.') : null,
    preview.droppedGroups > 0
      ? say('{droppedGroups} groups beyond the most alerts it may have.', { droppedGroups: preview.droppedGroups })
      : null,
    !preview.truncated
      ? null
      : firings.length >= mostFirings
        ? say('More happened than is counted here.')
        : say(
            'It looks so often that a week of it was tried in wider steps: what came and went in between is not counted.',
          ),
  ].filter((note) => note !== null);
  return (
    <section aria-label={say('What it would have done')} className="rounded-lg border border-line p-3">
      <p className="text-sm font-medium" role="status">
        {firings.length === 0
          ? say('It would not have fired in 7 days.')
          : firings.length === 1
            ? say('It would have fired once in 7 days.')
            : say('It would have fired {firings} times in 7 days.', { firings: count(firings.length) })}
      </p>
      {notes.length > 0 && <p className="mb-2 text-xs text-soft">{notes.join(' ')}</p>}
      {hasValues ? (
        <TimeChart
          label={say('The figure of the rule')}
          times={chart.times}
          series={chart.series}
          format={(value) => metricValue(input.metric, value)}
          height={180}
          threshold={input.threshold}
          marked={firings.map(({ from, to }) => ({
            from: Date.parse(from) / 1_000,
            to: Date.parse(to ?? range.to) / 1_000,
          }))}
        />
      ) : (
        <Empty icon="chartLine" title={say('No agent ran in these 7 days')} />
      )}
      <p className="mt-1 text-xs text-faint">
        {say('Drawn: what the rule measures over its window. Dashed: its threshold. Red: it would have been open.')}
      </p>
    </section>
  );
}

/** The points of each group, in the order in which the groups come: the worst first. */
function seriesOf({ points }: Preview) {
  const groups = new Map<string, { at: string; value?: number | null }[]>();
  for (const { key, at, value } of points ?? []) {
    const name = key ?? 'all';
    const known = groups.get(name) ?? [];
    known.push({ at, value: value ?? null });
    groups.set(name, known);
  }
  return [...groups].map(([name, known]) => ({ name, series: { points: known } }));
}
