'use client';
import type { ReactNode } from 'react';
import { Link } from '../../host/navigation';
import { actorName } from '../../parts/ActorName';
import { AlertStatusBadge, SeverityBadge } from '../../parts/badges';
import { RelativeTime } from '../../parts/RelativeTime';
import { Badge } from '../../ui/Badge';
import { count, label, metricValue } from '../../words/format';
import type { AlertFacts } from './AlertFacts';
import { say } from '../../words/say';

/** What is known of an alert: where it stands, since when, who works on it, what it is about. */
export function AlertFactList({ alert }: { readonly alert: AlertFacts }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    [say('Fired'), <RelativeTime key="first" time={alert.firstSeenAt} />],
    [say('Last seen'), <RelativeTime key="last" time={alert.lastSeenAt} />],
    [say('Seen'), howOften(alert.occurrences)],
    [say('Fired again'), alert.reopened > 0 ? howOften(alert.reopened) : null],
    [say('Figure'), figureOf(alert)],
    [say('Without data since'), alert.noDataSince && <RelativeTime key="data" time={alert.noDataSince} />],
    [say('Acknowledged'), alert.acknowledgedAt && <RelativeTime key="acknowledged" time={alert.acknowledgedAt} />],
    [say('By'), alert.acknowledgedBy && actorName(alert.acknowledgedBy)],
    [say('Given back'), alert.acknowledgedUntil && <RelativeTime key="until" time={alert.acknowledgedUntil} />],
    [say('Works on it'), alert.owner?.displayName],
    [say('Resolved'), alert.resolvedAt && <RelativeTime key="resolved" time={alert.resolvedAt} />],
    [say('Why it ended'), alert.resolvedReason && label(alert.resolvedReason)],
  ];
  return (
    <div className="grid gap-4">
      <div className="flex flex-wrap gap-2">
        <SeverityBadge severity={alert.severity} /> <AlertStatusBadge status={alert.status} />
        {alert.flapping && <Badge tone="warn">{say('Comes and goes')}</Badge>}
        {alert.recovering && <Badge tone="busy">{say('Recovering')}</Badge>}
        {alert.retracted && <Badge tone="rest">{say('Never was')}</Badge>}
        {alert.late && <Badge tone="rest">{say('Found late')}</Badge>}
      </div>
      <dl className="grid gap-2 text-sm">
        {facts.map(([name, value]) =>
          value === null || value === undefined || value === '' ? null : (
            <div key={name} className="flex justify-between gap-4">
              <dt className="text-soft">{name}</dt>
              <dd className="min-w-0 text-right break-words">{value}</dd>
            </div>
          ),
        )}
      </dl>
      <div className="flex flex-wrap gap-3 text-sm">
        {alert.flow && (
          <Link to="flow" search={{ id: alert.flow.id }} className="text-accent underline">
            {say('Flow {name}', { name: alert.flow.name })}
          </Link>
        )}
        {alert.asset && (
          <Link to="asset" search={{ id: alert.asset.id }} className="text-accent underline">
            {say('Asset {name}', { name: alert.asset.name })}
          </Link>
        )}
        {alert.rule && (
          <Link to="rules" search={{ rule: alert.rule.id }} className="text-accent underline">
            {say('Rule {name}', { name: alert.rule.name })}
          </Link>
        )}
        {alert.runbookUrl && (
          <a href={alert.runbookUrl} target="_blank" rel="noreferrer noopener" className="text-accent underline">
            {say('What to do')}
          </a>
        )}
      </div>
      {Object.keys(alert.labels).length > 0 && (
        <div>
          <h3 className="mb-1 text-xs font-medium text-faint">{say('Labels')}</h3>
          <dl className="grid gap-1 rounded-md bg-sunken p-3 font-mono text-xs">
            {Object.entries(alert.labels).map(([name, value]) => (
              <div key={name} className="flex justify-between gap-4">
                <dt className="text-soft">{name}</dt>
                <dd className="min-w-0 text-right break-all">
                  {typeof value === 'string' ? value : JSON.stringify(value)}
                </dd>
              </div>
            ))}
          </dl>
        </div>
      )}
    </div>
  );
}

function howOften(times: number): string {
  return times === 1 ? say('once') : say('{times} times', { times: count(times) });
}

function figureOf({ value, rule }: AlertFacts): string | null {
  if (value === null || value === undefined) return null;
  return rule ? metricValue(rule.metric, value) : count(value);
}
