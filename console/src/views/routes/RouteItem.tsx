'use client';
import { useState } from 'react';
import { whichAlerts } from '../../parts/whichAlerts';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { classes } from '../../ui/classes';
import { say } from '../../words/say';
import { moved, unchanged, type Routes } from './routeForm';
import { RouteSteps } from './RouteSteps';
import { howItTells } from './routeWords';
import { useSetRoutes } from './useSetRoutes';

interface RouteItemProps {
  readonly routes: Routes;
  readonly index: number;
  readonly ruleNames: ReadonlyMap<string, string>;
  /** Whether it takes the alert that is tried; null: none is. */
  readonly takes: boolean | null;
  readonly may: boolean;
  readonly onEdit: () => void;
}

export function RouteItem({ routes, index, ruleNames, takes, may, onEdit }: RouteItemProps) {
  const route = routes.routes[index]!;
  const [deletes, setDeletes] = useState(false);
  const { send, busy } = useSetRoutes(routes, say('The routes are set.'));
  const move = (by: -1 | 1) => send(moved(routes.routes, index, by).map(unchanged));
  const remove = () => send(routes.routes.filter(({ id }) => id !== route.id).map(unchanged));
  return (
    <li
      aria-label={route.name}
      className={classes('flex flex-wrap items-start gap-x-4 gap-y-2 px-4 py-3', takes === true && 'bg-accent-wash')}
    >
      <span className="nums w-5 shrink-0 pt-0.5 text-right text-sm text-faint">{index + 1}</span>
      <div className="grid min-w-0 flex-1 basis-56 gap-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 truncate font-medium">{route.name}</span>
          {route.goOn && <Badge tone="busy">{say('and goes on')}</Badge>}
          {takes === true && <Badge tone="good">{say('Takes the alert')}</Badge>}
        </p>
        <p className="text-xs text-faint">{whichAlerts(route.matchers, ruleNames)}</p>
        <p className="text-xs text-faint">{howItTells(route)}</p>
        <RouteSteps steps={route.steps} />
      </div>
      {may && (
        <div className="flex flex-wrap gap-2">
          <Button
            size="icon"
            icon="arrowUp"
            aria-label={say('{name} earlier', { name: route.name })}
            disabled={busy || index === 0}
            onClick={() => move(-1)}
          />
          <Button
            size="icon"
            icon="arrowDown"
            aria-label={say('{name} later', { name: route.name })}
            disabled={busy || index === routes.routes.length - 1}
            onClick={() => move(1)}
          />
          <Button icon="pencil" onClick={onEdit}>
            {say('Edit')}
          </Button>
          {deletes ? (
            <Button variant="danger" busy={busy} onClick={remove}>
              {say('Delete for good')}
            </Button>
          ) : (
            <Button variant="danger" icon="trash2" onClick={() => setDeletes(true)}>
              {say('Delete')}
            </Button>
          )}
        </div>
      )}
    </li>
  );
}
