'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { AlertRules, UpdateRule } from '../../graph/generated/operations';
import { useAction, useGraphPages } from '../../graph/useGraph';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { SeverityBadge } from '../../parts/badges';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/states';
import { duration, inSentence, label, metricValue } from '../../words/format';
import { say } from '../../words/say';
import { metricName } from '../../words/metricNames';
import { RuleDialog } from './RuleDialog';
import { RuleHealthBadge } from './RuleHealthBadge';
import type { Rule } from './ruleForm';

export function RulesPage() {
  const [open, setOpen] = useQueryState('rule', parseAsString);
  const query = useGraphPages(AlertRules, {}, (data) => data.alertRules, { refetchInterval: 30_000 });
  const may = useMay('alertRule.write');
  return (
    <>
      <PageHeader
        title={say('Rules')}
        about={say(
          'Conditions over what agents, flows, assets and webhooks do. While one holds, it has an open alert.',
        )}
        actions={
          may && (
            <Button variant="primary" icon="plus" onClick={() => void setOpen('new')}>
              {say('New rule')}
            </Button>
          )
        }
      />
      <Query query={query}>
        {({ pages }) => {
          const rules = pages.flatMap((page) => page.alertRules?.nodes ?? []);
          const current = rules.find(({ id }) => id === open);
          return (
            <>
              <div className="rounded-lg border border-line bg-surface">
                {rules.length === 0 ? (
                  <Empty icon="slidersHorizontal" title={say('No rule yet')}>
                    {may ? (
                      <Button variant="primary" onClick={() => void setOpen('new')}>
                        {say('Make the first')}
                      </Button>
                    ) : (
                      say('An operator of the workspace can make one.')
                    )}
                  </Empty>
                ) : (
                  <ul className="divide-y divide-line">
                    {rules.map((rule) => (
                      <RuleItem key={rule.id} rule={rule} may={may} onOpen={() => void setOpen(rule.id)} />
                    ))}
                  </ul>
                )}
                {query.hasNextPage && (
                  <div className="border-t border-line p-3 text-center">
                    <Button onClick={() => void query.fetchNextPage()} busy={query.isFetchingNextPage}>
                      {say('Load more')}
                    </Button>
                  </div>
                )}
              </div>
              {open === 'new' && <RuleDialog rule={null} onClose={() => void setOpen(null)} />}
              {current && (
                <RuleDialog
                  key={`${current.id} ${current.version}`}
                  rule={current}
                  onClose={() => void setOpen(null)}
                />
              )}
            </>
          );
        }}
      </Query>
    </>
  );
}

function RuleItem({ rule, may, onOpen }: { readonly rule: Rule; readonly may: boolean; readonly onOpen: () => void }) {
  const toggle = useAction(UpdateRule, {
    refreshes: ['AlertRules'],
    done: (data) =>
      data.updateAlertRule?.rule.enabled
        ? say('The rule is on.')
        : say('The rule is off; its open alerts are resolved.'),
  });
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <button
        type="button"
        role="switch"
        aria-checked={rule.enabled}
        aria-label={say('{name} is evaluated', { name: rule.name })}
        disabled={!may || toggle.isPending}
        onClick={() =>
          toggle.mutate({ input: { id: rule.id, version: rule.version, patch: { enabled: !rule.enabled } } })
        }
        className="relative h-5 w-9 shrink-0 rounded-full bg-line-strong transition-colors aria-checked:bg-accent disabled:opacity-60"
      >
        <span
          className={`absolute top-0.5 left-0.5 size-4 rounded-full bg-surface transition-transform ${rule.enabled ? 'translate-x-4' : ''}`}
        />
      </button>
      <button type="button" onClick={onOpen} className="min-w-0 flex-1 text-left hover:underline">
        <span className="line-clamp-2 font-medium md:line-clamp-1">{rule.name}</span>
        <span className="line-clamp-3 text-xs text-faint md:line-clamp-1">
          {say(
            rule.comparison === 'ABOVE'
              ? '{metric} above {threshold} over {window}'
              : '{metric} below {threshold} over {window}',
            {
              metric: metricName(rule.metric),
              threshold: metricValue(rule.metric, rule.threshold),
              window: duration(rule.windowSeconds * 1_000),
            },
          )}
          {rule.groupBy && `, ${say('for each {group}', { group: inSentence(label(rule.groupBy)) })}`}
          {rule.also.length > 0 && `, ${moreConditions(rule.combine, rule.also.length)}`}
        </span>
      </button>
      {rule.enabled && <RuleHealthBadge health={rule.health} />}
      <SeverityBadge severity={rule.severity} />
    </li>
  );
}

function moreConditions(combine: Rule['combine'], also: number): string {
  if (also === 1) return combine === 'ALL' ? say('and one more condition') : say('or one more condition');
  return say(combine === 'ALL' ? 'and {also} more conditions' : 'or {also} more conditions', { also });
}
