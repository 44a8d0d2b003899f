import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { DateTimeScalar, requireAction } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import { ApiKey, guardedByApiKeyRead } from './ApiKey.js';

/** What only the key itself, and whoever may read keys, can see. */
@Resolver(() => ApiKey)
export class ApiKeyResolver {
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
}

function guarded(key: ApiKey, context: GraphqlContext): ApiKey['record'] {
  const { actor } = context.principal;
  if (!(actor.kind === 'apiKey' && actor.id === key.record.id)) requireAction(context, 'apiKey.read');
  return key.record;
}
