import { Arg, Ctx, FieldResolver, Float, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { ActorReference, Allow, CursorScalar, DateTimeScalar, toActorReference, toConnection } from '@tributary/server';
import type { ConnectionValue, GraphqlContext } from '@tributary/server';
import { publicKeyOf } from '../domain/delivery/signature.js';
import type { WebhookFacts } from '../domain/WebhookFacts.js';
import type { Webhooks } from '../domain/Webhooks.js';
import { DeadLetterState } from './enums.js';
import {
  DeadLetter,
  DeadLetterConnection,
  toDeadLetter,
  toWebhook,
  toWebhookAttempt,
  toWebhookReplay,
  toWebhookSecret,
  Webhook,
  WebhookAttempt,
  WebhookAttemptConnection,
  WebhookConnection,
  WebhookReplay,
  WebhookSecret,
} from './Webhook.js';

@Resolver(() => Webhook)
export class WebhookResolver {
  constructor(
    private readonly service: Webhooks,
    private readonly facts: WebhookFacts,
  ) {}

  @Query(() => Webhook, { nullable: true, description: 'One webhook. Null when it is not in this workspace.' })
  @Allow('webhook.read')
  async webhook(
    @Arg('id', () => ID, { description: 'The webhook’s id.' }) id: string,
    @Ctx() context: GraphqlContext,
  ): Promise<Webhook | null> {
    const row = await this.service.find(context, id);
    return row && toWebhook(row);
  }

  @Query(() => WebhookConnection, { nullable: true, description: 'The workspace’s webhooks, newest first.' })
  @Allow('webhook.read')
  async webhooks(
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<Webhook>> {
    const page = await this.service.list(context, { first, after: after ?? null });
    return toConnection(page, toWebhook, () => page.count());
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What its asymmetric signatures are checked with, whpk_…. Null with SYMMETRIC.',
  })
  async publicKey(@Root() { row }: Webhook, @Ctx() context: GraphqlContext): Promise<string | null> {
    if (row.signing === 'SYMMETRIC') return null;
    const found = (await this.facts.secrets(context, row)).find(({ algorithm }) => algorithm === 'ED25519');
    return found ? publicKeyOf(found.secret) : null;
  }

  @FieldResolver(() => [WebhookSecret], { description: 'What its messages are signed with now, newest first.' })
  async secrets(@Root() { row }: Webhook, @Ctx() context: GraphqlContext): Promise<WebhookSecret[]> {
    return (await this.facts.secrets(context, row)).map(toWebhookSecret);
  }

  @FieldResolver(() => ActorReference, {
    nullable: true,
    description:
      'With whose rights its events are read: who made it, or changed or resumed it last. Null for those who may not see who did what.',
  })
  @Allow('member.read')
  owner(@Root() { row }: Webhook): ActorReference | null {
    return toActorReference(row.ownerKind, row.ownerId);
  }

  @FieldResolver(() => Float, { description: 'The last number of its stream that was taken or passed over.' })
  position(@Root() { row }: Webhook, @Ctx() context: GraphqlContext): Promise<number> {
    return this.facts.position(context, row);
  }

  @FieldResolver(() => Float, {
    description: 'Events of its stream behind its position, those among them that its filter lets out.',
  })
  lag(@Root() { row }: Webhook, @Ctx() context: GraphqlContext): Promise<number> {
    return this.facts.lag(context, row);
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When the first event behind its position happened. Null: there is none.',
  })
  oldestPendingAt(@Root() { row }: Webhook, @Ctx() context: GraphqlContext): Promise<Date | null> {
    return this.facts.oldestPendingAt(context, row);
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it is tried again: all that it has to send, or the first of the events that its receiver would not take. Null: nothing went wrong, or it sends nothing.',
  })
  nextAttemptAt(@Root() { row }: Webhook, @Ctx() context: GraphqlContext): Promise<Date | null> {
    return this.facts.nextAttemptAt(context, row);
  }

  @FieldResolver(() => DeadLetterConnection, {
    nullable: true,
    description: 'Events that its receiver would not take, newest first.',
  })
  async deadLetters(
    @Root() { row }: Webhook,
    @Arg('state', () => [DeadLetterState], { nullable: true, description: 'In one of these states. Null: in any.' })
    state: DeadLetterState[] | null,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<DeadLetter>> {
    const page = await this.facts.deadLetters(context, row, state ?? null, { first, after: after ?? null });
    return toConnection(page, toDeadLetter, () => page.count());
  }

  @FieldResolver(() => WebhookAttemptConnection, {
    nullable: true,
    description: 'Its requests of the last 7 days, newest first.',
  })
  async attempts(
    @Root() { row }: Webhook,
    @Arg('first', () => Int, { defaultValue: 50, description: 'How many, 1 to 100.' }) first: number,
    @Arg('after', () => CursorScalar, { nullable: true, description: 'Goes on behind this item.' })
    after: string | null,
    @Ctx() context: GraphqlContext,
  ): Promise<ConnectionValue<WebhookAttempt>> {
    return toConnection(await this.facts.attempts(context, row, { first, after: after ?? null }), toWebhookAttempt);
  }

  @FieldResolver(() => [WebhookReplay], {
    description: 'Its replays, newest first: those that go on, and the last 20.',
  })
  async replays(@Root() { row }: Webhook, @Ctx() context: GraphqlContext): Promise<WebhookReplay[]> {
    return (await this.facts.replays(context, row)).map(toWebhookReplay);
  }
}
