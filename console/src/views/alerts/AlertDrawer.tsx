'use client';
import type { ReactNode } from 'react';
import { Link } from '../../host/navigation';
import { actorName } from '../../parts/ActorName';
import { AlertStatusBadge, SeverityBadge } from '../../parts/badges';
import { RelativeTime } from '../../parts/RelativeTime';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { count, metricValue } from '../../words/format';
import type { AlertRow } from './alertColumns';

interface AlertDrawerProps {
  readonly alert: AlertRow;
  readonly onClose: () => void;
  /** Null: it cannot be done, or not by this person. */
  readonly onAcknowledge: (() => void) | null;
  readonly onResolve: (() => void) | null;
}

export function AlertDrawer({ alert, onClose, onAcknowledge, onResolve }: AlertDrawerProps) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ['Fired', <RelativeTime key="first" time={alert.firstSeenAt} />],
    ['Last seen', <RelativeTime key="last" time={alert.lastSeenAt} />],
    ['Seen', `${count(alert.occurrences)} times`],
    [
      'Figure',
      alert.value !== null && alert.value !== undefined
        ? alert.rule
          ? metricValue(alert.rule.metric, alert.value)
          : count(alert.value)
        : null,
    ],
    ['Taken up', alert.acknowledgedAt && <RelativeTime key="acknowledged" time={alert.acknowledgedAt} />],
    ['By', alert.acknowledgedBy && actorName(alert.acknowledgedBy)],
    ['Resolved', alert.resolvedAt && <RelativeTime key="resolved" time={alert.resolvedAt} />],
    ['Comment', alert.comment],
  ];
  return (
    <Dialog open side onClose={onClose} title={alert.title} description={alert.description}>
      <div className="grid gap-4">
        <div className="flex flex-wrap gap-2">
          <SeverityBadge severity={alert.severity} /> <AlertStatusBadge status={alert.status} />
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
              Flow {alert.flow.name}
            </Link>
          )}
          {alert.asset && (
            <Link to="asset" search={{ id: alert.asset.id }} className="text-accent underline">
              Asset {alert.asset.name}
            </Link>
          )}
          {alert.rule && (
            <Link to="rules" search={{ rule: alert.rule.id }} className="text-accent underline">
              Rule {alert.rule.name}
            </Link>
          )}
        </div>
        {Object.keys(alert.labels).length > 0 && (
          <div>
            <h3 className="mb-1 text-xs font-medium text-faint">Labels</h3>
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
        <div className="flex flex-wrap justify-end gap-2">
          {onAcknowledge && (
            <Button icon="check" onClick={onAcknowledge}>
              Acknowledge
            </Button>
          )}
          {onResolve && (
            <Button icon="circleCheck" variant="primary" onClick={onResolve}>
              Resolve
            </Button>
          )}
        </div>
      </div>
    </Dialog>
  );
}
