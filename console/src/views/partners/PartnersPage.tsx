'use client';
import { useState } from 'react';
import { ApiKeys } from '../../graph/generated/operations';
import { useGraphPages } from '../../graph/useGraph';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { useMay } from '../../session/Permissions';
import { DataTable, type Column } from '../../tables/DataTable';
import { Badge } from '../../ui/Badge';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/states';
import { say } from '../../words/say';
import { CreateKey } from './CreateKey';
import { KeyDrawer, keyState, type Key } from './KeyDrawer';
import { Snippet } from './Snippet';
import { StoredOperationsCard } from './StoredOperationsCard';
import { lastUsed } from './lastUsed';

const columns: readonly Column<Key>[] = [
  {
    id: 'name',
    title: 'Key',
    fixed: true,
    width: 'minmax(9rem, 1.4fr)',
    text: ({ name }) => name,
    cell: ({ name }) => <span className="font-medium">{name}</span>,
  },
  {
    id: 'state',
    title: 'State',
    width: '6.5rem',
    text: (key) => keyState(key).text,
    cell: (key) => <Badge tone={keyState(key).tone}>{keyState(key).text}</Badge>,
  },
  {
    id: 'prefix',
    title: 'Begins with',
    width: '10rem',
    wideOnly: true,
    text: ({ prefix }) => prefix,
    cell: ({ prefix }) => <code className="text-xs">{prefix}…</code>,
  },
  {
    id: 'scopes',
    title: 'May',
    wideOnly: true,
    width: 'minmax(8rem, 2fr)',
    text: ({ scopes }) => scopes.join(' '),
    cell: ({ scopes }) => <span title={scopes.join(', ')}>{scopes.join(', ')}</span>,
  },
  lastUsed,
  {
    id: 'expires',
    title: 'Expires',
    width: '7rem',
    right: true,
    wideOnly: true,
    text: ({ expiresAt }) => expiresAt,
    cell: ({ expiresAt }) => <RelativeTime time={expiresAt} none={say('never')} />,
  },
  {
    id: 'created',
    title: 'Created',
    width: '7rem',
    right: true,
    wideOnly: true,
    text: ({ createdAt }) => createdAt,
    cell: ({ createdAt }) => <RelativeTime time={createdAt} />,
  },
];

export function PartnersPage() {
  const may = useMay('apiKey.write');
  const [creates, setCreates] = useState(false);
  const [open, setOpen] = useState<string | null>(null);
  const query = useGraphPages(ApiKeys, {}, (data) => data.viewer?.workspace.apiKeys, { refetchInterval: 30_000 });
  return (
    <>
      <PageHeader
        title={say('Partners')}
        about={say('Keys by which other systems use the graph, each limited to what it needs.')}
        actions={
          may && (
            <Button variant="primary" icon="plus" onClick={() => setCreates(true)}>
              {say('New key')}
            </Button>
          )
        }
      />
      <Query query={query}>
        {({ pages }) => {
          const keys = pages.flatMap((page) => page.viewer?.workspace.apiKeys?.nodes ?? []);
          const current = keys.find(({ id }) => id === open);
          return (
            <div className="grid gap-4">
              <DataTable
                name="keys"
                columns={columns}
                rows={keys}
                keyOf={({ id }) => id}
                onOpen={({ id }) => setOpen(id)}
                hasMore={query.hasNextPage}
                loadsMore={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
                tools={<h2 className="text-sm font-semibold">{say('Keys')}</h2>}
                empty={
                  <Empty icon="keyRound" title={say('No key yet')}>
                    {may
                      ? say('Make one for each system that is to use the graph.')
                      : say('An owner or admin can make one.')}
                  </Empty>
                }
              />
              <Snippet />
              <StoredOperationsCard />
              {current && <KeyDrawer apiKey={current} onClose={() => setOpen(null)} />}
            </div>
          );
        }}
      </Query>
      {creates && <CreateKey onClose={() => setCreates(false)} />}
    </>
  );
}
