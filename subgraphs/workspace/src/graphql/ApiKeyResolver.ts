import { Arg, Ctx, FieldResolver, Mutation, Resolver, Root } from 'type-graphql';
import { Allow, DateTimeScalar, requireAction } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { ApiKey, guardedByApiKeyRead, toApiKey } from './ApiKey.js';
import { CreateApiKeyInput, RevokeApiKeyInput, RollApiKeyInput } from './inputs.js';
import { CreateApiKeyPayload, RevokeApiKeyPayload, RollApiKeyPayload } from './payloads.js';
import type { WorkspaceServices } from './WorkspaceServices.js';

@Resolver(() => ApiKey)
export class ApiKeyResolver {
  constructor(private readonly services: WorkspaceServices) {}

  @FieldResolver(() => [String], { description: 'The actions that the key is limited to.' })
  @guardedByApiKeyRead
  scopes(@Root() key: ApiKey, @Ctx() context: GraphqlContext): string[] {
    return guarded(key, context).scopes;
  }

  @FieldResolver(() => DateTimeScalar, { description: 'When the key was created.' })
  @guardedByApiKeyRead
  createdAt(@Root() key: ApiKey, @Ctx() context: GraphqlContext): Date {
    return guarded(key, context).createdAt;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on the key is refused. Null: until it is revoked.',
  })
  @guardedByApiKeyRead
  expiresAt(@Root() key: ApiKey, @Ctx() context: GraphqlContext): Date | null {
    return guarded(key, context).expiresAt;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description: 'When the key was last used, to the minute. Null: never.',
  })
  @guardedByApiKeyRead
  lastUsedAt(@Root() key: ApiKey, @Ctx() context: GraphqlContext): Date | null {
    return guarded(key, context).lastUsedAt;
  }

  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'When the key was revoked. Null: it was not.' })
  @guardedByApiKeyRead
  revokedAt(@Root() key: ApiKey, @Ctx() context: GraphqlContext): Date | null {
    return guarded(key, context).revokedAt;
  }

  @Mutation(() => CreateApiKeyPayload, {
    nullable: true,
    description: 'Makes an API key. The secret is in this answer and nowhere else.',
  })
  @Allow('apiKey.write')
  async createApiKey(
    @Arg('input', () => CreateApiKeyInput, { description: 'The new key’s name, scopes and end.' })
    input: CreateApiKeyInput,
    @Ctx() context: GraphqlContext,
  ): Promise<CreateApiKeyPayload> {
    const { name, scopes, expiresAt = null, idempotencyKey = null } = input;
    const { apiKey, secret } = await this.services.apiKeys.create(context, { name, scopes, expiresAt, idempotencyKey });
    return { apiKey: toApiKey(apiKey), secret };
  }

  @Mutation(() => RevokeApiKeyPayload, {
    nullable: true,
    description: 'Makes an API key worthless within seconds. Revoking again changes nothing.',
  })
  @Allow('apiKey.write')
  async revokeApiKey(
    @Arg('input', () => RevokeApiKeyInput, { description: 'Which key to revoke.' }) input: RevokeApiKeyInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RevokeApiKeyPayload> {
    const { id, idempotencyKey = null } = input;
    return { apiKey: toApiKey(await this.services.apiKeys.revoke(context, { id, idempotencyKey })) };
  }

  @Mutation(() => RollApiKeyPayload, {
    nullable: true,
    description:
      'Gives an API key another secret: same key, same scopes. The new secret is in this answer and nowhere else; the old one stays good for overlapSeconds.',
  })
  @Allow('apiKey.write')
  async rollApiKey(
    @Arg('input', () => RollApiKeyInput, {
      description: 'Which key gets another secret, and for how long the old one stays good.',
    })
    input: RollApiKeyInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RollApiKeyPayload> {
    const { id, overlapSeconds, idempotencyKey = null } = input;
    const { apiKey, secret } = await this.services.apiKeys.roll(context, { id, overlapSeconds, idempotencyKey });
    return { apiKey: toApiKey(apiKey), secret };
  }
}

/** Only the key itself, and whoever may read keys, can see it. */
function guarded(key: ApiKey, context: GraphqlContext): ApiKey['record'] {
  const { actor } = context.principal;
  if (!(actor.kind === 'apiKey' && actor.id === key.record.id)) requireAction(context, 'apiKey.read');
  return key.record;
}
