'use client';
import { Alerts, RoutePreview } from '../../graph/generated/operations';
import { useGraph, useGraphPages } from '../../graph/useGraph';
import { sentenceOf } from '../../graph/sentenceOf';
import { Card } from '../../ui/Card';
import { Field, Select } from '../../ui/Field';
import { say } from '../../words/say';
import { label } from '../../words/format';
import { RouteSteps } from './RouteSteps';

interface RouteTrialProps {
  /** Id of the alert that is tried; '' for none. */
  readonly alertId: string;
  readonly onChoose: (alertId: string) => void;
}

/** The routes that take an alert, and whether that is known. */
export function useTakers(alertId: string) {
  return useGraph(RoutePreview, { alertId }, { enabled: alertId !== '', refetchInterval: false });
}

/** Where an alert would go, as the routes are now. */
export function RouteTrial({ alertId, onChoose }: RouteTrialProps) {
  const alerts = useGraphPages(Alerts, { filter: {} }, (data) => data.alerts);
  const known = alerts.data?.pages.flatMap((page) => page.alerts?.nodes ?? []) ?? [];
  const takers = useTakers(alertId);
  const routes = takers.data?.previewAlertRoute;
  return (
    <Card title={say('Where would an alert go?')}>
      <div className="grid gap-3">
        <Field label={say('Alert')}>
          {({ id }) => (
            <Select id={id} value={alertId} onChange={(event) => onChoose(event.target.value)}>
              <option value="">{say('choose one')}</option>
              {known.map((alert) => (
                <option key={alert.id} value={alert.id}>
                  {`${label(alert.status)} · ${label(alert.severity)} · ${alert.title}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <div role="status" className="grid gap-3 text-sm">
          {takers.error && <p className="text-bad">{sentenceOf(takers.error)}</p>}
          {routes === null && <p>{say('There is no such alert in this workspace')}</p>}
          {routes?.length === 0 && <p>{say('No route takes it: nobody is told.')}</p>}
          {routes?.map((route) => (
            <div key={route.id} className="grid gap-1">
              <p className="font-medium">{route.name}</p>
              <RouteSteps steps={route.steps} />
            </div>
          ))}
        </div>
      </div>
    </Card>
  );
}
