'use client';
import { parseAsBoolean, useQueryState } from 'nuqs';
import { Webhooks } from '../../graph/generated/operations';
import { useGraphPages } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { useWebhookNews } from '../../parts/useWebhookNews';
import { useMay } from '../../session/Permissions';
import { DataTable } from '../../tables/DataTable';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/states';
import { say } from '../../words/say';
import { CreateWebhook } from './CreateWebhook';
import { webhookColumns } from './webhookColumns';

/** Receivers outside, whether they take what they are sent, and how far they are behind. */
export function WebhooksPage() {
  const [makes, setMakes] = useQueryState('new', parseAsBoolean.withDefault(false));
  const may = useMay('webhook.write');
  const go = useGo();
  useWebhookNews(null);
  const query = useGraphPages(Webhooks, {}, (data) => data.webhooks, { refetchInterval: 5_000 });
  return (
    <>
      <PageHeader
        title={say('Webhooks')}
        about={say('Subscriptions whose events are sent to receivers outside: signed, in order, at least once.')}
        actions={
          may && (
            <Button variant="primary" icon="plus" onClick={() => void setMakes(true)}>
              {say('New webhook')}
            </Button>
          )
        }
      />
      <Query query={query}>
        {({ pages }) => (
          <DataTable
            name="Webhooks"
            columns={webhookColumns}
            rows={pages.flatMap((page) => page.webhooks?.nodes ?? [])}
            keyOf={({ id }) => id}
            onOpen={({ id }) => go('webhook', { id })}
            hasMore={query.hasNextPage}
            loadsMore={query.isFetchingNextPage}
            onMore={() => void query.fetchNextPage()}
            empty={
              <Empty icon="webhook" title={say('No webhook yet')}>
                {may
                  ? say('Make one to have alerts or flows told to another system.')
                  : say('An owner or admin can make one.')}
              </Empty>
            }
          />
        )}
      </Query>
      {makes && may && <CreateWebhook onClose={() => void setMakes(null)} />}
    </>
  );
}
