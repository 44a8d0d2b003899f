'use client';
import { FlowColumns } from '../../graph/generated/operations';
import { useGraph } from '../../graph/useGraph';
import { Query } from '../../parts/Query';
import { Card } from '../../ui/Card';
import { Icon } from '../../ui/Icon';
import { Empty } from '../../ui/states';
import { count } from '../../words/format';
import type { FlowFacts } from './patchFlow';
import { say } from '../../words/say';

/** What was understood of the source: each column with what it became, and what was noticed on the way. */
export function ColumnsTab({ flow }: { readonly flow: FlowFacts }) {
  const query = useGraph(
    FlowColumns,
    { id: flow.id, after: null },
    { refetchInterval: flow.finishedAt ? false : 5_000 },
  );
  const findings = flow.discovery?.findings ?? [];
  return (
    <div className="grid gap-4">
      {findings.length > 0 && (
        <Card title={say('What was noticed')} flush>
          <ul className="divide-y divide-line">
            {findings.map(({ code, message, count: times, sample }) => (
              <li key={code} className="flex items-start gap-3 px-4 py-2.5 text-sm">
                <Icon name="info" className="mt-0.5 text-faint" />
                <span className="min-w-0 flex-1 break-words">
                  {message}
                  {sample && <code className="ml-2 rounded bg-sunken px-1.5 text-xs break-all">{sample}</code>}
                </span>
                <span className="nums shrink-0 text-xs text-faint">{count(times)}×</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Query query={query}>
        {({ flow: asked }) => {
          const columns = asked?.discovery?.columns.nodes ?? [];
          if (columns.length === 0)
            return (
              <Empty icon="table" title={say('No column has been read yet')}>
                {say('Each stands here with what it became, once the source has been read.')}
              </Empty>
            );
          return (
            <Card
              title={say('{totalCount} columns', {
                totalCount: count(asked?.discovery?.columns.totalCount ?? columns.length),
              })}
              flush
            >
              <ul className="divide-y divide-line">
                {columns.map(({ path, became, reason, samples }) => (
                  <li
                    key={path}
                    className="grid gap-x-4 gap-y-1 px-4 py-2.5 text-sm md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1.4fr)]"
                  >
                    <span className="min-w-0 font-mono text-xs font-medium break-all">{path}</span>
                    <span className="flex min-w-0 items-start gap-2">
                      <Icon name="arrowRight" className="mt-0.5 text-faint" />
                      <span className={became ? 'min-w-0 font-medium break-words' : 'text-faint'}>
                        {became ?? say('an attribute of its own')}
                      </span>
                    </span>
                    <span className="min-w-0 text-xs text-soft">
                      {reason}
                      <span className="mt-1 flex flex-wrap gap-1">
                        {samples.map((sample, index) => (
                          <code key={index} className="max-w-40 truncate rounded bg-sunken px-1.5" title={sample}>
                            {sample}
                          </code>
                        ))}
                      </span>
                    </span>
                  </li>
                ))}
              </ul>
            </Card>
          );
        }}
      </Query>
    </div>
  );
}
