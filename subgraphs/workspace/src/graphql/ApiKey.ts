import { Directive, Extensions, Field, ObjectType } from 'type-graphql';
import { actionExtension, connectionType, Node } from '@tributary/server';
import { encodeId } from '@tributary/contracts/ids';
import type { ApiKeyWithoutHashes } from '../domain/ApiKeyWithoutHashes.js';

@ObjectType({ implements: Node, description: 'A key with which a partner’s software acts, within its scopes.' })
@Directive('@key(fields: "id")')
export class ApiKey extends Node {
  record!: ApiKeyWithoutHashes;

  @Field(() => String, { description: 'Says who uses the key.' })
  name!: string;

  @Field(() => String, {
    description: 'The part of the key that may be shown. The secret is shown once, when the key is created.',
  })
  prefix!: string;
}

/** The further fields need the action apiKey.read, or to be the key oneself; ApiKeyResolver checks it. */
export const guardedByApiKeyRead = Extensions({ [actionExtension]: 'apiKey.read' });

export const ApiKeyConnection = connectionType(() => ApiKey, 'ApiKey');

export function toApiKey(record: ApiKeyWithoutHashes): ApiKey {
  return Object.assign(new ApiKey(), {
    id: encodeId('key', record.id),
    record,
    name: record.name,
    prefix: `trib_${record.keyId}`,
  });
}
