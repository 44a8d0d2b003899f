'use client';
import { parseAsString, useQueryState } from 'nuqs';
import { Webhook, WebhookDeadLetters } from '../../graph/generated/operations';
import { useGraph, useGraphPages } from '../../graph/useGraph';
import { useParameter } from '../../host/navigation';
import { DeliveryBadge, whyNothingIsSent } from '../../parts/deliveryBadges';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { useWebhookNews } from '../../parts/useWebhookNews';
import { Icon } from '../../ui/Icon';
import { Empty } from '../../ui/states';
import { TabBar } from '../../ui/TabBar';
import { say } from '../../words/say';
import { AttemptsTab } from './AttemptsTab';
import { DeadLettersTab } from './DeadLettersTab';
import { DocumentTab } from './DocumentTab';
import { ReplaysTab } from './ReplaysTab';
import { WebhookActions } from './WebhookActions';
import { WebhookFactList } from './WebhookFactList';
import type { WebhookFacts } from './WebhookFacts';

export function WebhookPage() {
  const id = useParameter('id');
  if (!id) return <Empty icon="webhook" title={say('The address names no webhook')} />;
  return <OneWebhook key={id} id={id} />;
}

function OneWebhook({ id }: { readonly id: string }) {
  useWebhookNews(id);
  const query = useGraph(Webhook, { id }, { refetchInterval: 5_000 });
  return (
    <Query query={query}>
      {({ webhook }) =>
        webhook ? (
          <WebhookView webhook={webhook} />
        ) : (
          <Empty icon="webhook" title={say('There is no such webhook in this workspace')} />
        )
      }
    </Query>
  );
}

function WebhookView({ webhook }: { readonly webhook: WebhookFacts }) {
  const [tab, setTab] = useQueryState('tab', parseAsString.withDefault('attempts'));
  const dead = useGraphPages(
    WebhookDeadLetters,
    { id: webhook.id, state: ['DEAD'] },
    (data) => data.webhook?.deadLetters,
    {
      refetchInterval: 10_000,
    },
  );
  const why = whyNothingIsSent(webhook.statusReason);
  return (
    <>
      <PageHeader
        title={
          <span className="flex flex-wrap items-center gap-3">
            {webhook.name} <DeliveryBadge status={webhook.status} />
          </span>
        }
        about={<span className="break-all">{webhook.url}</span>}
        actions={<WebhookActions webhook={webhook} />}
      />
      {why && (
        <p
          role="alert"
          className="mb-4 flex items-center gap-3 rounded-lg border border-warn bg-warn-wash px-4 py-3 text-sm text-warn"
        >
          <Icon name="triangleAlert" /> <span className="min-w-0 flex-1">{why}</span>
        </p>
      )}
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="min-w-0">
          <TabBar
            value={tab}
            onChange={(next) => void setTab(next)}
            tabs={[
              { id: 'attempts', title: say('Attempts'), content: <AttemptsTab id={webhook.id} /> },
              {
                id: 'dead',
                title: say('Dead letters'),
                count: dead.data?.pages[0]?.webhook?.deadLetters?.totalCount ?? null,
                content: <DeadLettersTab id={webhook.id} />,
              },
              { id: 'replays', title: say('Replays'), content: <ReplaysTab webhook={webhook} /> },
              { id: 'document', title: say('Subscription'), content: <DocumentTab webhook={webhook} /> },
            ]}
          />
        </div>
        <WebhookFactList webhook={webhook} />
      </div>
    </>
  );
}
