'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { AlertRoutes, AlertRules } from '../../graph/generated/operations';
import { useGraph, useGraphPages } from '../../graph/useGraph';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { useMay } from '../../session/Permissions';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/states';
import { say } from '../../words/say';
import { RouteDialog } from './RouteDialog';
import { RouteItem } from './RouteItem';
import { RouteTrial, useTakers } from './RouteTrial';

/** Who is told of which alerts, as one list in its order; and where an alert would go. */
export function RoutesPage() {
  const [open, setOpen] = useQueryState('route', parseAsString);
  const [alertId, setAlertId] = useQueryState('alert', parseAsString.withDefault(''));
  const may = useMay('alertRoute.write');
  const query = useGraph(AlertRoutes, {});
  const rules = useGraphPages(AlertRules, {}, (data) => data.alertRules);
  const takers = useTakers(alertId).data?.previewAlertRoute;
  const ruleNames = new Map(
    rules.data?.pages.flatMap((page) => page.alertRules?.nodes ?? []).map(({ id, name }) => [id, name]),
  );
  return (
    <>
      <PageHeader
        title={say('Routes')}
        about={say('Who is told of which alerts. They are looked at in this order.')}
        actions={
          may && (
            <Button variant="primary" icon="plus" onClick={() => void setOpen('new')}>
              {say('New route')}
            </Button>
          )
        }
      />
      <Query query={query}>
        {({ alertRoutes: routes }) => {
          if (!routes) return null;
          const current = routes.routes.find(({ id }) => id === open);
          return (
            <div className="grid gap-4">
              <div className="rounded-lg border border-line bg-surface">
                {routes.routes.length === 0 ? (
                  <Empty icon="split" title={say('No route yet')}>
                    {may
                      ? say('Nobody is told of any alert until a route leads to a channel.')
                      : say('Nobody is told of any alert. An owner or admin can change that.')}
                  </Empty>
                ) : (
                  <ol className="divide-y divide-line">
                    {routes.routes.map((route, index) => (
                      <RouteItem
                        key={route.id}
                        routes={routes}
                        index={index}
                        ruleNames={ruleNames}
                        takes={takers ? takers.some(({ id }) => id === route.id) : null}
                        may={may}
                        onEdit={() => void setOpen(route.id)}
                      />
                    ))}
                  </ol>
                )}
              </div>
              <RouteTrial alertId={alertId} onChoose={(id) => void setAlertId(id || null)} />
              {may && open === 'new' && <RouteDialog routes={routes} route={null} onClose={() => void setOpen(null)} />}
              {may && current && (
                <RouteDialog
                  key={`${current.id} ${routes.version}`}
                  routes={routes}
                  route={current}
                  onClose={() => void setOpen(null)}
                />
              )}
            </div>
          );
        }}
      </Query>
    </>
  );
}
