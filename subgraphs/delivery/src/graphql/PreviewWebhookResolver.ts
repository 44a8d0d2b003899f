import { Arg, Ctx, Int, Query, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import { previewWebhook } from '../domain/previewWebhook.js';
import type { Webhooks } from '../domain/Webhooks.js';
import { WebhookInput } from './inputs.js';
import { WebhookPreview } from './WebhookPreview.js';

@Resolver(() => WebhookPreview)
export class PreviewWebhookResolver {
  constructor(
    private readonly database: Database,
    private readonly commands: CommandClient,
    private readonly webhooks: Webhooks,
  ) {}

  @Query(() => WebhookPreview, {
    nullable: true,
    description:
      'The requests that the last events would have made, had there been this webhook, with the rights that the caller has now. Nothing is sent, and nothing is kept.',
  })
  @Allow('webhook.write')
  async previewWebhook(
    @Arg('input', () => WebhookInput, { description: 'What would be sent to whom.' }) input: WebhookInput,
    @Arg('last', () => Int, { defaultValue: 3, description: 'Events, 1 to 20.' }) last: number,
    @Ctx() context: GraphqlContext,
  ): Promise<WebhookPreview> {
    const { requests, cost, stream } = await previewWebhook(
      this.database,
      this.commands,
      this.webhooks,
      context,
      input,
      last,
    );
    return { requests: requests.map(({ headers, ...rest }) => ({ headers: { ...headers }, ...rest })), cost, stream };
  }
}
