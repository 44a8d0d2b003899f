'use client';
import { useState } from 'react';
import { AuditLog } from '../../graph/generated/operations';
import type { AuditLogQuery } from '../../graph/generated/types';
import { useGraphPages } from '../../graph/useGraph';
import { actorName } from '../../parts/ActorName';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { RelativeTime } from '../../parts/RelativeTime';
import { DataTable, type Column } from '../../tables/DataTable';
import { Empty } from '../../ui/states';
import { useWords } from '../../words/useWords';
import { EntryDrawer } from './EntryDrawer';

export type Entry = NonNullable<NonNullable<AuditLogQuery['viewer']>['workspace']['auditLog']>['nodes'][number];

const columns: readonly Column<Entry>[] = [
  {
    id: 'at',
    title: 'When',
    width: '7rem',
    fixed: true,
    text: ({ at }) => at,
    cell: ({ at }) => <RelativeTime time={at} />,
  },
  {
    id: 'actor',
    title: 'Who',
    width: 'minmax(7rem, 1fr)',
    fixed: true,
    text: ({ actor }) => actorName(actor),
    cell: ({ actor }) => <span className="font-medium">{actorName(actor)}</span>,
  },
  {
    id: 'action',
    title: 'What',
    width: 'minmax(8rem, 1.4fr)',
    fixed: true,
    text: ({ action }) => action,
    cell: ({ action }) => <code className="text-xs">{action}</code>,
  },
  {
    id: 'entity',
    title: 'On',
    width: 'minmax(8rem, 1fr)',
    wideOnly: true,
    text: ({ entityType }) => entityType,
    cell: ({ entityType }) => entityType,
  },
  {
    id: 'id',
    title: 'Its id',
    width: 'minmax(9rem, 1.6fr)',
    wideOnly: true,
    text: ({ entityId }) => entityId,
    cell: ({ entityId }) => <code className="text-xs text-soft">{entityId}</code>,
  },
  {
    id: 'request',
    title: 'Request',
    width: 'minmax(8rem, 1.2fr)',
    wideOnly: true,
    text: ({ requestId }) => requestId,
    cell: ({ requestId }) => <code className="text-xs text-faint">{requestId}</code>,
  },
];

export function AuditPage() {
  const words = useWords();
  const [open, setOpen] = useState<Entry | null>(null);
  const query = useGraphPages(AuditLog, {}, (data) => data.viewer?.workspace.auditLog, { refetchInterval: 30_000 });
  return (
    <>
      <PageHeader title={words.audit} about="Who did what, newest first. Nothing of it can be changed afterwards." />
      <Query query={query}>
        {({ pages }) => (
          <DataTable
            name="audit"
            columns={columns}
            rows={pages.flatMap((page) => page.viewer?.workspace.auditLog?.nodes ?? [])}
            keyOf={({ id }) => id}
            onOpen={setOpen}
            hasMore={query.hasNextPage}
            loadsMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            empty={<Empty icon="scrollText" title="Nothing has been done yet" />}
          />
        )}
      </Query>
      {open && <EntryDrawer entry={open} onClose={() => setOpen(null)} />}
    </>
  );
}
