'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { useState } from 'react';
import { Asset, RetireAsset } from '../../graph/generated/operations';
import { useAction, useGraph } from '../../graph/useGraph';
import { Link, useParameter } from '../../host/navigation';
import { AlertStatusBadge, CriticalityBadge, SeverityBadge } from '../../parts/badges';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { useMay } from '../../session/Permissions';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Card } from '../../ui/Card';
import { Dialog } from '../../ui/Dialog';
import { JsonView } from '../../ui/JsonView';
import { Empty } from '../../ui/states';
import { TabBar } from '../../ui/TabBar';
import { label } from '../../words/format';
import type { AssetFacts } from './AssetFacts';
import { EditAsset } from './EditAsset';
import { ImpactTab } from './ImpactTab';
import { NeighbourhoodTab } from './NeighbourhoodTab';
import { say } from '../../words/say';

export function AssetPage() {
  const id = useParameter('id');
  const query = useGraph(Asset, { id: id ?? '' }, { enabled: id !== null });
  if (!id) return <Empty icon="boxes" title={say('The address names no asset')} />;
  return (
    <Query query={query}>
      {({ asset }) =>
        asset ? (
          <AssetView asset={asset} />
        ) : (
          <Empty icon="boxes" title={say('There is no such asset in this workspace')} />
        )
      }
    </Query>
  );
}

function AssetView({ asset }: { readonly asset: AssetFacts }) {
  const [tab, setTab] = useQueryState('tab', parseAsString.withDefault('graph'));
  const [edits, setEdits] = useState(false);
  const [retires, setRetires] = useState(false);
  const mayUpdate = useMay('asset.update');
  const mayRetire = useMay('asset.retire');
  const mayAudit = useMay('audit.read');
  const retire = useAction(RetireAsset, {
    refreshes: ['Asset', 'Assets'],
    done: say('It is retired.'),
    onDone: () => setRetires(false),
  });
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    [say('Environment'), asset.environment],
    [say('Department'), asset.department],
    [say('Host name'), asset.hostname],
    [say('Address'), asset.ipAddress],
    [say('System'), asset.operatingSystem],
    [say('Owner'), asset.ownerEmail && <Masked text={asset.ownerEmail} />],
    [say('Id in its source'), asset.externalId],
    [say('Found'), <RelativeTime key="first" time={asset.firstSeenAt} />],
    [say('Last seen'), <RelativeTime key="last" time={asset.lastSeenAt} />],
    [
      say('Seen by'),
      asset.discoveredBy && (
        <Link key="flow" to="flow" search={{ id: asset.discoveredBy.id }} className="text-accent underline">
          {asset.discoveredBy.name}
        </Link>
      ),
    ],
  ];
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {asset.name} {!['ACTIVE', 'UNKNOWN'].includes(asset.status) && <Badge>{label(asset.status)}</Badge>}{' '}
            <CriticalityBadge criticality={asset.criticality} />
          </span>
        }
        about={label(asset.kind)}
        actions={
          <>
            {mayAudit && (
              <Link to="audit" search={{ entity: asset.id, range: '90d' }} className="text-sm text-accent underline">
                {say('History')}
              </Link>
            )}
            {mayUpdate && (
              <Button icon="pencil" onClick={() => setEdits(true)}>
                {say('Edit')}
              </Button>
            )}
            {mayRetire && asset.status !== 'RETIRED' && (
              <Button variant="danger" icon="trash2" onClick={() => setRetires(true)}>
                {say('Retire')}
              </Button>
            )}
          </>
        }
      />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          <TabBar
            value={tab}
            onChange={(next) => void setTab(next)}
            tabs={[
              { id: 'graph', title: say('Neighbourhood'), content: <NeighbourhoodTab id={asset.id} /> },
              {
                id: 'impact',
                title: say('What depends on it'),
                content: <ImpactTab id={asset.id} name={asset.name} />,
              },
              {
                id: 'attributes',
                title: say('Attributes'),
                count: Object.keys(asset.attributes).length,
                content:
                  Object.keys(asset.attributes).length === 0 ? (
                    <Empty icon="fileText" title={say('The source said nothing more')} />
                  ) : (
                    <JsonView value={asset.attributes} />
                  ),
              },
            ]}
          />
        </div>
        <div className="grid content-start gap-4">
          <Card title={say('Facts')}>
            <dl className="grid gap-2 text-sm">
              {facts.map(([name, value]) => (
                <div key={name} className="flex justify-between gap-4">
                  <dt className="shrink-0 text-soft">{name}</dt>
                  <dd className="min-w-0 truncate text-right">
                    {value ?? <span className="text-faint">{say('not known')}</span>}
                  </dd>
                </div>
              ))}
            </dl>
            {asset.tags.length > 0 && (
              <div className="mt-3 flex flex-wrap gap-1 border-t border-line pt-3">
                {asset.tags.map((tag) => (
                  <Link
                    key={tag}
                    to="assets"
                    search={{ tags: tag }}
                    className="rounded bg-sunken px-1.5 text-xs text-soft hover:text-ink"
                  >
                    {tag}
                  </Link>
                ))}
              </div>
            )}
          </Card>
          <Card title={say('Alerts')} flush>
            {asset.alerts && asset.alerts.nodes.length > 0 ? (
              <ul className="divide-y divide-line">
                {asset.alerts.nodes.map(({ id, title, severity, status }) => (
                  <li key={id}>
                    <Link to="alerts" search={{ alert: id }} className="block px-4 py-2.5 text-sm hover:bg-sunken">
                      <SeverityBadge severity={severity} /> <AlertStatusBadge status={status} />
                      <span className="mt-1 block truncate">{title}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            ) : (
              <p className="p-4 text-sm text-faint">{say('None about this asset.')}</p>
            )}
          </Card>
        </div>
      </div>
      {edits && <EditAsset asset={asset} onClose={() => setEdits(false)} />}
      <Dialog
        open={retires}
        onClose={() => setRetires(false)}
        title={say('Retire “{name}”?', { name: asset.name })}
        description={say('It stays in the inventory as retired, and its dependencies with it.')}
      >
        <div className="flex justify-end gap-2">
          <Button onClick={() => setRetires(false)}>{say('Keep it')}</Button>
          <Button
            variant="danger"
            busy={retire.isPending}
            onClick={() => retire.mutate({ input: { id: asset.id, version: asset.version } })}
          >
            {say('Retire')}
          </Button>
        </div>
      </Dialog>
    </>
  );
}

/** Says that a value is hidden from this role, where it is. */
function Masked({ text }: { readonly text: string }) {
  if (!text.includes('***')) return <>{text}</>;
  return <span title={say('Hidden from your role: owners and admins see it')}>{text}</span>;
}
