'use client';
import { useState } from 'react';
import { StoredOperations } from '../../graph/generated/operations';
import type { StoredOperationsQuery } from '../../graph/generated/types';
import { useGraphPages } from '../../graph/useGraph';
import { Query } from '../../parts/Query';
import { DataTable, type Column } from '../../tables/DataTable';
import { Badge } from '../../ui/Badge';
import { CopyButton } from '../../ui/CopyButton';
import { Dialog } from '../../ui/Dialog';
import { Empty } from '../../ui/states';
import { count } from '../../words/format';
import { say } from '../../words/say';
import { lastUsed } from './lastUsed';

type Row = NonNullable<StoredOperationsQuery['storedOperations']>['nodes'][number];

const columns: readonly Column<Row>[] = [
  {
    id: 'name',
    title: 'Operation',
    fixed: true,
    width: 'minmax(9rem, 1.4fr)',
    text: ({ name }) => name,
    cell: ({ name, documentId }) => <span className="font-medium">{name ?? documentId.slice(0, 12)}</span>,
  },
  {
    id: 'manifest',
    title: 'From',
    wideOnly: true,
    width: 'minmax(7rem, 1fr)',
    text: ({ manifest }) => manifest,
    cell: ({ manifest }) => manifest,
  },
  {
    id: 'audience',
    title: 'For',
    width: '7.5rem',
    wideOnly: true,
    text: ({ audience }) => audience,
    cell: ({ audience }) => (
      <Badge tone={audience === 'EVERYBODY' ? 'good' : 'rest'}>
        {audience === 'EVERYBODY' ? say('keys, too') : say('people')}
      </Badge>
    ),
  },
  {
    id: 'cost',
    title: 'Costs at most',
    width: '7rem',
    right: true,
    text: ({ cost }) => cost,
    cell: ({ cost }) => count(cost),
  },
  lastUsed,
  {
    id: 'id',
    title: 'Id',
    width: '9rem',
    wideOnly: true,
    text: ({ documentId }) => documentId,
    cell: ({ documentId }) => <code className="text-xs">{documentId.slice(0, 12)}…</code>,
  },
];

/** What is stored at the gateways, so that an id can be sent instead of a text. */
export function StoredOperationsCard() {
  const [open, setOpen] = useState<Row | null>(null);
  const query = useGraphPages(StoredOperations, {}, (data) => data.storedOperations);
  return (
    <>
      <Query query={query}>
        {({ pages }) => (
          <DataTable
            name="stored operations"
            columns={columns}
            rows={pages.flatMap((page) => page.storedOperations?.nodes ?? [])}
            keyOf={({ documentId }) => documentId}
            onOpen={setOpen}
            hasMore={query.hasNextPage}
            loadsMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            total={pages[0]?.storedOperations?.totalCount ?? null}
            tools={<h2 className="text-sm font-semibold">{say('Stored operations')}</h2>}
            empty={
              <Empty icon="fileText" title={say('No operation is stored')}>
                {say(
                  '“npm run operations” writes a manifest of a partner’s documents; the setting STORED_OPERATIONS names it.',
                )}
              </Empty>
            }
          />
        )}
      </Query>
      {open && (
        <Dialog open side onClose={() => setOpen(null)} title={open.name ?? say('Stored operation')}>
          <div className="grid gap-4">
            <CopyButton text={open.documentId} label={`${open.documentId.slice(0, 24)}…`} />
            <pre className="overflow-auto rounded-md bg-sunken p-3 text-xs">{open.body}</pre>
          </div>
        </Dialog>
      )}
    </>
  );
}
