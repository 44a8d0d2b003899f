import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { Database } from '@tributary/data';
import type { Replays } from '../domain/Replays.js';
import { rollSecret } from '../domain/rollSecret.js';
import { testWebhook } from '../domain/testWebhook.js';
import type { Webhooks } from '../domain/Webhooks.js';
import {
  CreateWebhookInput,
  DiscardDeadLettersInput,
  ReplayWebhookInput,
  ResumeWebhookInput,
  RollWebhookSecretInput,
  UpdateWebhookInput,
  WebhookActionInput,
} from './inputs.js';
import {
  CreateWebhookPayload,
  DeleteWebhookPayload,
  DiscardDeadLettersPayload,
  ReplayWebhookPayload,
  RollWebhookSecretPayload,
  TestWebhookPayload,
  UpdateWebhookPayload,
  WebhookActionPayload,
} from './payloads.js';
import { toWebhook, toWebhookAttempt, toWebhookReplay, Webhook } from './Webhook.js';

@Resolver(() => Webhook)
export class WebhookMutations {
  constructor(
    private readonly database: Database,
    private readonly webhooks: Webhooks,
    private readonly replays: Replays,
  ) {}

  @Mutation(() => CreateWebhookPayload, {
    nullable: true,
    description:
      'Has the events of a subscription sent to a receiver, with the rights of whoever calls. It is PENDING until the receiver has answered a test, which is sent at once.',
  })
  @Allow('webhook.write')
  async createWebhook(
    @Arg('input', () => CreateWebhookInput, { description: 'What is sent to whom.' }) input: CreateWebhookInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CreateWebhookPayload> {
    const { webhook, secret } = await this.webhooks.create(context, input.webhook, input);
    return { webhook: toWebhook(webhook), secret };
  }

  @Mutation(() => UpdateWebhookPayload, {
    nullable: true,
    description: 'Changes a webhook. Its position stays. Whoever calls owns it from now on.',
  })
  @Allow('webhook.write')
  async updateWebhook(
    @Arg('input', () => UpdateWebhookInput, { description: 'The change.' }) input: UpdateWebhookInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateWebhookPayload> {
    return { webhook: toWebhook(await this.webhooks.update(context, input, input)) };
  }

  @Mutation(() => DeleteWebhookPayload, {
    nullable: true,
    description: 'Removes a webhook, with its attempts and what could not be delivered.',
  })
  @Allow('webhook.write')
  async deleteWebhook(
    @Arg('input', () => WebhookActionInput, { description: 'Which.' }) input: WebhookActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<DeleteWebhookPayload> {
    return { deletedWebhookId: (await this.webhooks.delete(context, input.id, input)).deletedId };
  }

  @Mutation(() => TestWebhookPayload, {
    nullable: true,
    description:
      'Sends a signed `webhook.test` to the receiver and says what came of it; a PENDING webhook that it answers becomes ACTIVE. SERVICE_UNAVAILABLE when it takes longer than 3 seconds: look at the attempts then.',
  })
  @Allow('webhook.write')
  async testWebhook(
    @Arg('input', () => WebhookActionInput, { description: 'Which.' }) input: WebhookActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<TestWebhookPayload> {
    const { webhook, attempt } = await testWebhook(this.database, this.webhooks, context, input.id, input);
    return { webhook: toWebhook(webhook), attempt: toWebhookAttempt(attempt) };
  }

  @Mutation(() => WebhookActionPayload, { nullable: true, description: 'Sends nothing more until it is resumed.' })
  @Allow('webhook.write')
  async pauseWebhook(
    @Arg('input', () => WebhookActionInput, { description: 'Which.' }) input: WebhookActionInput,
    @Ctx() context: GraphqlContext,
  ): Promise<WebhookActionPayload> {
    return { webhook: toWebhook(await this.webhooks.pause(context, input.id, input)) };
  }

  @Mutation(() => WebhookActionPayload, {
    nullable: true,
    description: 'A paused or disabled webhook goes on. Whoever calls owns it from now on.',
  })
  @Allow('webhook.write')
  async resumeWebhook(
    @Arg('input', () => ResumeWebhookInput, { description: 'Which, and where it goes on.' }) input: ResumeWebhookInput,
    @Ctx() context: GraphqlContext,
  ): Promise<WebhookActionPayload> {
    const { id, from, cursor } = input;
    return { webhook: toWebhook(await this.webhooks.resume(context, { id, from, cursor: cursor ?? null }, input)) };
  }

  @Mutation(() => RollWebhookSecretPayload, {
    nullable: true,
    description: 'Gives a webhook another secret. For the overlap its messages are signed with both.',
  })
  @Allow('webhook.write')
  async rollWebhookSecret(
    @Arg('input', () => RollWebhookSecretInput, { description: 'Which.' }) input: RollWebhookSecretInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RollWebhookSecretPayload> {
    const { webhook, secret } = await rollSecret(this.webhooks, context, input, input);
    return { webhook: toWebhook(webhook), secret };
  }

  @Mutation(() => ReplayWebhookPayload, {
    nullable: true,
    description: 'Sends events again, under their first ids, beside those that happen meanwhile.',
  })
  @Allow('webhook.write')
  async replayWebhook(
    @Arg('input', () => ReplayWebhookInput, { description: 'Which ones.' }) input: ReplayWebhookInput,
    @Ctx() context: GraphqlContext,
  ): Promise<ReplayWebhookPayload> {
    const request = {
      id: input.id,
      fromSequence: input.fromSequence ?? null,
      fromCursor: input.fromCursor ?? null,
      fromTime: input.fromTime ?? null,
      toSequence: input.toSequence ?? null,
      deadLetterIds: input.deadLetterIds ?? null,
      dryRun: input.dryRun,
    };
    const { webhook, replay, events } = await this.replays.begin(context, request, input);
    return { webhook: toWebhook(webhook), replay: replay && toWebhookReplay(replay), events };
  }

  @Mutation(() => DiscardDeadLettersPayload, {
    nullable: true,
    description: 'Gives up events that could not be delivered.',
  })
  @Allow('webhook.write')
  async discardDeadLetters(
    @Arg('input', () => DiscardDeadLettersInput, { description: 'Which ones.' }) input: DiscardDeadLettersInput,
    @Ctx() context: GraphqlContext,
  ): Promise<DiscardDeadLettersPayload> {
    return this.replays.discard(context, input.webhookId, input.ids, input);
  }
}
