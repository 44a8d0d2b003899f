'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { Link } from '../../host/navigation';
import { actorName } from '../../parts/ActorName';
import { SeverityBadge, StatusBadge } from '../../parts/badges';
import { Elapsed } from '../../parts/Elapsed';
import { PageHeader } from '../../parts/PageHeader';
import { RelativeTime } from '../../parts/RelativeTime';
import { useMay } from '../../session/Permissions';
import { Card } from '../../ui/Card';
import { CopyButton } from '../../ui/CopyButton';
import { Icon } from '../../ui/Icon';
import { Progress } from '../../ui/Progress';
import { TabBar } from '../../ui/TabBar';
import { count, duration, label, money, nameOf, percent } from '../../words/format';
import { ColumnsTab } from './ColumnsTab';
import { EventLog } from './EventLog';
import { FlowActions } from './FlowActions';
import { FlowAssetsTab } from './FlowAssetsTab';
import { FlowTracesTab } from './FlowTracesTab';
import { MappingTab } from './MappingTab';
import type { FlowFacts } from './patchFlow';
import { PhaseTimeline } from './PhaseTimeline';
import { RejectedTab } from './RejectedTab';
import { say, sayWith } from '../../words/say';

const bars = { SUCCEEDED: 'good', FAILED: 'bad', AWAITING_APPROVAL: 'warn', PAUSED: 'warn' } as const;

export function FlowView({ flow }: { readonly flow: FlowFacts }) {
  const waits = flow.status === 'AWAITING_APPROVAL';
  const maySeeTraces = useMay('metrics.read');
  const [tab, setTab] = useQueryState('tab', parseAsString);
  const { discovery, metrics, alerts, failure } = flow;
  const tone = flow.status in bars ? bars[flow.status as keyof typeof bars] : 'accent';
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {flow.name} <StatusBadge status={flow.status} />
          </span>
        }
        about={
          <span className="flex flex-wrap items-center gap-x-3">
            {discovery && <span className="break-all">{discovery.sourceName}</span>}
            <span>
              {actorName(flow.createdBy) === '–'
                ? sayWith('Created {time}', { time: <RelativeTime time={flow.createdAt} /> })
                : sayWith('Started by {actor} {time}', {
                    actor: actorName(flow.createdBy),
                    time: <RelativeTime time={flow.createdAt} />,
                  })}
            </span>
            <span>
              {sayWith(flow.finishedAt ? 'took {time}' : 'for {time}', {
                time: <Elapsed from={flow.startedAt} to={flow.finishedAt} />,
              })}
            </span>
          </span>
        }
        actions={<FlowActions flow={flow} />}
      />
      <p className="sr-only" role="status">
        {flow.status === 'RUNNING'
          ? say('Running: {title}', { title: nameOf(flow.currentPhase?.title ?? '') })
          : say('The flow stands at: {status}', { status: label(flow.status) })}
      </p>

      {failure && (
        <div
          role="alert"
          className="mb-4 flex flex-wrap items-center gap-3 rounded-lg border border-bad bg-bad-wash px-4 py-3 text-sm text-bad"
        >
          <Icon name="circleAlert" />
          <span className="min-w-0 flex-1 break-words">
            <strong>{failure.message}</strong>{' '}
            {failure.retryable
              ? say('It can be tried again: what was done is kept.')
              : say('Trying again will not help as it is.')}
          </span>
          <CopyButton text={`${flow.id} ${failure.code}`} label={failure.code} />
        </div>
      )}
      {waits && tab !== 'mapping' && (
        <div className="mb-4 flex flex-wrap items-center gap-3 rounded-lg border border-warn bg-warn-wash px-4 py-3 text-sm text-warn">
          <Icon name="triangleAlert" />
          <span className="min-w-0 flex-1">
            {say('It waits for somebody to look at how its columns were understood.')}
          </span>
          <button type="button" className="font-medium underline" onClick={() => void setTab('mapping')}>
            {say('Look at the mapping')}
          </button>
        </div>
      )}

      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="grid min-w-0 content-start gap-4">
          <Card
            title={say('Phases')}
            aside={
              <span className="nums flex w-40 items-center gap-2">
                <Progress value={flow.progress} label={say('Progress of {name}', { name: flow.name })} tone={tone} />{' '}
                {percent(flow.progress)}
              </span>
            }
          >
            <PhaseTimeline phases={flow.phases} createdAt={flow.createdAt} />
          </Card>
          <TabBar
            value={tab ?? (waits ? 'mapping' : 'log')}
            onChange={(next) => void setTab(next)}
            tabs={[
              { id: 'log', title: say('Log'), content: <EventLog flow={flow} /> },
              ...(discovery
                ? [
                    {
                      id: 'mapping',
                      title: say('Mapping'),
                      count: discovery.fieldMappings.length,
                      content: <MappingTab flow={flow} />,
                    },
                    { id: 'columns', title: say('What became of it'), content: <ColumnsTab flow={flow} /> },
                    {
                      id: 'rejected',
                      title: say('Rejected rows'),
                      count: discovery.rowsRejected,
                      content: <RejectedTab flowId={flow.id} rejected={discovery.rowsRejected} />,
                    },
                  ]
                : []),
              {
                id: 'assets',
                title: say('Assets'),
                content: <FlowAssetsTab flowId={flow.id} finished={flow.finishedAt ?? null} />,
              },
              ...(maySeeTraces
                ? [
                    {
                      id: 'traces',
                      title: say('Traces'),
                      content: <FlowTracesTab flowId={flow.id} finished={flow.finishedAt ?? null} />,
                    },
                  ]
                : []),
            ]}
          />
        </div>
        <div className="grid content-start gap-4">
          {discovery && (
            <Card title={say('Result')}>
              <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-y-1.5 text-sm">
                <Fact name={say('Rows read')} value={count(discovery.rowsTotal)} />
                <Fact name={say('Rows valid')} value={count(discovery.rowsValid)} />
                <Fact name={say('Rows rejected')} value={count(discovery.rowsRejected)} />
                <Fact name={say('Assets created')} value={count(discovery.assetsCreated)} />
                <Fact name={say('Assets updated')} value={count(discovery.assetsUpdated)} />
                <Fact name={say('Dependencies found')} value={count(discovery.dependenciesFound)} />
                <Fact
                  name={say('Format')}
                  value={discovery.sourceFormat === 'AUTO' ? say('being found out') : discovery.sourceFormat}
                />
                {discovery.encoding && <Fact name={say('Encoding')} value={label(discovery.encoding)} />}
                {discovery.recognised && <Fact name={say('Recognised as')} value={discovery.recognised.name} />}
              </dl>
            </Card>
          )}
          <Card title={say('What it cost')}>
            {metrics && metrics.requests > 0 ? (
              <dl className="grid grid-cols-[minmax(0,1fr)_auto] gap-y-1.5 text-sm">
                <Fact name={say('Cost')} value={money(metrics.costUsd)} />
                <Fact name={say('Agent runs')} value={count(metrics.requests)} />
                <Fact name={say('Errors')} value={percent(metrics.errorRate)} />
                <Fact name={say('Median duration')} value={duration(metrics.latencyMs.p50)} />
                <Fact name={say('Tokens read')} value={count(metrics.inputTokens)} />
                <Fact name={say('Tokens written')} value={count(metrics.outputTokens)} />
              </dl>
            ) : (
              <p className="text-sm text-faint">{say('No agent has reported a run for this flow yet.')}</p>
            )}
          </Card>
          <Card title={say('Alerts')} flush>
            {alerts && alerts.nodes.length > 0 ? (
              <ul className="divide-y divide-line">
                {alerts.nodes.map(({ id, title, severity, lastSeenAt }) => (
                  <li key={id}>
                    <Link to="alerts" search={{ alert: id }} className="block px-4 py-2.5 text-sm hover:bg-sunken">
                      <span className="flex items-center justify-between gap-2">
                        <SeverityBadge severity={severity} />
                        <span className="text-xs text-faint">
                          <RelativeTime time={lastSeenAt} />
                        </span>
                      </span>
                      <span className="mt-1 block truncate">{title}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            ) : (
              <p className="p-4 text-sm text-faint">{say('None about this flow.')}</p>
            )}
          </Card>
        </div>
      </div>
    </>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <>
      <dt className="truncate text-soft">{name}</dt>
      <dd className="nums max-w-44 truncate text-right font-medium" title={value}>
        {value}
      </dd>
    </>
  );
}
