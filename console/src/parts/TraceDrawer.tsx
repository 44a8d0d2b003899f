'use client';
import type { ReactNode } from 'react';
import { Trace } from '../graph/generated/operations';
import { useGraph } from '../graph/useGraph';
import { Link } from '../host/navigation';
import { TraceBadge } from './badges';
import { Query } from './Query';
import { CopyButton } from '../ui/CopyButton';
import { Dialog } from '../ui/Dialog';
import { JsonView } from '../ui/JsonView';
import { Empty } from '../ui/states';
import { count, duration, moment, money } from '../words/format';
import { say } from '../words/say';

/** One run of an agent, with all that it said. */
export function TraceDrawer({
  id,
  onClose,
  onOpen,
}: {
  readonly id: string;
  readonly onClose: () => void;
  /** Goes to another trace of the same run. */
  readonly onOpen: (id: string) => void;
}) {
  const query = useGraph(Trace, { id }, { refetchInterval: false });
  return (
    <Dialog open side onClose={onClose} title={query.data?.trace?.operation ?? say('Trace')}>
      <Query query={query}>
        {({ trace }) => {
          if (!trace) return <Empty title={say('There is no such trace in this workspace')} />;
          const facts: readonly (readonly [string, ReactNode])[] = [
            [say('Status'), <TraceBadge key="status" status={trace.status} />],
            [say('Agent'), trace.agent],
            [say('Version'), trace.version],
            [say('Model'), trace.model],
            [say('Started'), moment(trace.startedAt)],
            [say('Took'), duration(trace.durationMs)],
            [say('Cost'), money(trace.costUsd)],
            [say('Tokens read'), count(trace.inputTokens)],
            [say('Tokens written'), count(trace.outputTokens)],
            [say('Department'), trace.department],
            [say('Environment'), trace.environment],
            [
              say('Flow'),
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
                      {value ?? <span className="text-faint">{say('not said')}</span>}
                    </dd>
                  </div>
                ))}
              </dl>
              {trace.parent && (
                <section>
                  <h3 className="mb-1 text-xs font-medium text-faint">{say('Part of')}</h3>
                  <Step step={trace.parent} onOpen={onOpen} />
                </section>
              )}
              {trace.children && trace.children.length > 0 && (
                <section>
                  <h3 className="mb-1 text-xs font-medium text-faint">
                    {trace.children.length === 1
                      ? say('One part')
                      : say('{children} parts', { children: count(trace.children.length) })}
                  </h3>
                  <ul className="grid gap-1">
                    {trace.children.map((child) => (
                      <li key={child.id}>
                        <Step step={child} onOpen={onOpen} />
                      </li>
                    ))}
                  </ul>
                </section>
              )}
              <CopyButton text={trace.externalId} label={trace.externalId} />
              {Object.keys(trace.attributes).length > 0 && <JsonView value={trace.attributes} />}
            </div>
          );
        }}
      </Query>
    </Dialog>
  );
}

interface StepFacts {
  readonly id: string;
  readonly agent: string;
  readonly operation: string;
  readonly durationMs: number;
}

function Step({ step, onOpen }: { readonly step: StepFacts; readonly onOpen: (id: string) => void }) {
  return (
    <button
      type="button"
      onClick={() => onOpen(step.id)}
      className="flex w-full items-center justify-between gap-3 rounded-md bg-sunken px-2 py-1 text-left text-sm hover:text-accent"
    >
      <span className="min-w-0 truncate">
        {step.agent} · {step.operation}
      </span>
      <span className="nums shrink-0 text-xs text-faint">{duration(step.durationMs)}</span>
    </button>
  );
}
