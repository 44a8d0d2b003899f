'use client';
import { useQueryClient } from '@tanstack/react-query';
import { WebhookUpdates } from '../graph/generated/operations';
import type { WebhookUpdatesSubscription } from '../graph/generated/types';
import { useFollow } from '../live/useFollow';
import { useSettled } from '../live/useSettled';
import { useSignedIn } from '../session/SessionProvider';

const asked = ['Webhook', 'Webhooks', 'WebhookAttempts', 'WebhookDeadLetters'];

/** What a page shows of webhooks is asked for again when something becomes of one. Null: of any. */
export function useWebhookNews(webhookId: string | null): void {
  const client = useQueryClient();
  const { workspaceId } = useSignedIn();
  const again = useSettled(() => {
    for (const name of asked) void client.invalidateQueries({ queryKey: [workspaceId, name] });
  }, 300);
  useFollow(
    WebhookUpdates,
    { webhookId: webhookId === null ? null : [webhookId] },
    {
      fromNow: true,
      onReset: again,
      onEvents: (_events: readonly WebhookUpdatesSubscription['webhookUpdates'][]) => again(),
    },
  );
}
