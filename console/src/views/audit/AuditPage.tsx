'use client';
import { parseAsString, useQueryStates } from 'nuqs';
import { useState } from 'react';
import { RangePicker } from '../../filters/RangePicker';
import { useRange } from '../../filters/useRange';
import { AuditLog } from '../../graph/generated/operations';
import type { AuditFilter } from '../../graph/generated/types';
import { useGraphPages } from '../../graph/useGraph';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { DataTable } from '../../tables/DataTable';
import { Button } from '../../ui/Button';
import { Select } from '../../ui/Field';
import { Empty } from '../../ui/states';
import { label } from '../../words/format';
import { say } from '../../words/say';
import { auditColumns, type Entry } from './auditColumns';
import { EntryDrawer } from './EntryDrawer';

const entityTypes = [
  'Flow',
  'Asset',
  'Alert',
  'AlertRule',
  'AlertRoutes',
  'AlertSilence',
  'NotificationChannel',
  'Webhook',
  'ApiKey',
  'User',
  'Workspace',
];

/** The trail, narrowed down to who, what, on what and when by what stands in the address. */
export function AuditPage() {
  const [open, setOpen] = useState<Entry | null>(null);
  const { text, timeRange, setSpan } = useRange('30d');
  const [chosen, setChosen] = useQueryStates({
    actor: parseAsString,
    action: parseAsString,
    type: parseAsString,
    entity: parseAsString,
  });
  const filter: AuditFilter = {
    actorId: chosen.actor,
    action: chosen.action ? [chosen.action] : null,
    entityType: chosen.type ? [chosen.type] : null,
    entityId: chosen.entity,
    from: timeRange.from,
  };
  const query = useGraphPages(AuditLog, { filter }, (data) => data.viewer?.workspace.auditLog);
  const isFiltered = Object.values(chosen).some((value) => value !== null);
  const clear = () => void setChosen({ actor: null, action: null, type: null, entity: null });
  return (
    <>
      <PageHeader
        title={say('Audit')}
        about={say('Who did what, newest first. Nothing of it can be changed afterwards.')}
        actions={<RangePicker value={text} onChange={setSpan} />}
      />
      <Query query={query}>
        {({ pages }) => (
          <DataTable
            name="audit"
            columns={auditColumns}
            rows={pages.flatMap((page) => page.viewer?.workspace.auditLog?.nodes ?? [])}
            keyOf={({ id }) => id}
            onOpen={setOpen}
            hasMore={query.hasNextPage}
            loadsMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            tools={
              <>
                <Select
                  aria-label={say('Done to')}
                  className="w-auto max-w-full"
                  value={chosen.type ?? ''}
                  onChange={(event) => void setChosen({ type: event.target.value || null })}
                >
                  <option value="">{say('on anything')}</option>
                  {entityTypes.map((type) => (
                    <option key={type} value={type}>
                      {label(type)}
                    </option>
                  ))}
                </Select>
                {isFiltered && (
                  <Button size="small" icon="x" onClick={clear}>
                    {say('Clear filters')}
                  </Button>
                )}
              </>
            }
            empty={
              isFiltered ? (
                <Empty icon="search" title={say('No entry matches')}>
                  <Button onClick={clear}>{say('Clear filters')}</Button>
                </Empty>
              ) : (
                <Empty icon="scrollText" title={say('Nothing was done in this time')} />
              )
            }
          />
        )}
      </Query>
      {open && (
        <EntryDrawer
          entry={open}
          onClose={() => setOpen(null)}
          onNarrow={(next) => {
            setOpen(null);
            void setChosen(next);
          }}
        />
      )}
    </>
  );
}
