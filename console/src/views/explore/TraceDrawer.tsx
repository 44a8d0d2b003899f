'use client';
import type { ReactNode } from 'react';
import { Trace } from '../../graph/generated/operations';
import { useGraph } from '../../graph/useGraph';
import { Link } from '../../host/navigation';
import { TraceBadge } from '../../parts/badges';
import { Query } from '../../parts/Query';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { JsonView } from '../../ui/JsonView';
import { Empty } from '../../ui/states';
import { count, duration, moment, money } from '../../words/format';

/** One run of an agent, with all that it said. */
export function TraceDrawer({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const query = useGraph(Trace, { id }, { refetchInterval: false });
  return (
    <Dialog open side onClose={onClose} title={query.data?.trace?.operation ?? 'Trace'}>
      <Query query={query}>
        {({ trace }) => {
          if (!trace) return <Empty title="There is no such trace in this workspace" />;
          const facts: readonly (readonly [string, ReactNode])[] = [
            ['Status', <TraceBadge key="status" status={trace.status} />],
            ['Agent', trace.agent],
            ['Version', trace.version],
            ['Model', trace.model],
            ['Started', moment(trace.startedAt)],
            ['Took', duration(trace.durationMs)],
            ['Cost', money(trace.costUsd)],
            ['Tokens read', count(trace.inputTokens)],
            ['Tokens written', count(trace.outputTokens)],
            ['Department', trace.department],
            ['Environment', trace.environment],
            [
              'Flow',
              trace.flow && (
                <Link key="flow" to="flow" search={{ id: trace.flow.id }} className="text-accent underline">
                  {trace.flow.name}
                </Link>
              ),
            ],
          ];
          return (
            <div className="grid gap-4">
              <dl className="grid gap-2 text-sm">
                {facts.map(([name, value]) => (
                  <div key={name} className="flex justify-between gap-4">
                    <dt className="text-soft">{name}</dt>
                    <dd className="min-w-0 truncate text-right">
                      {value ?? <span className="text-faint">not said</span>}
                    </dd>
                  </div>
                ))}
              </dl>
              <CopyButton text={trace.externalId} label={trace.externalId} />
              {Object.keys(trace.attributes).length > 0 && <JsonView value={trace.attributes} />}
            </div>
          );
        }}
      </Query>
    </Dialog>
  );
}
