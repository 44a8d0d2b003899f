import { Field, Int, ObjectType, registerEnumType } from 'type-graphql';
import { countedConnectionType, DateTimeScalar } from '@tributary/server';
import type { ListedOperation } from '../domain/StoredOperationList.js';

export enum OperationAudience {
  EVERYBODY = 'EVERYBODY',
  PEOPLE = 'PEOPLE',
}

registerEnumType(OperationAudience, {
  name: 'OperationAudience',
  description: 'Who may run a stored operation.',
  valuesConfig: {
    EVERYBODY: { description: 'People and keys.' },
    PEOPLE: { description: 'People who are signed in, and no keys: it came with the console.' },
  },
});

@ObjectType({ description: 'An operation that is stored at the gateways, so that its id can be sent instead of it.' })
export class StoredOperation {
  // Of no workspace: the same for all, and not to be found by node(id).
  @Field(() => String, {
    description: 'What is sent as documentId: SHA-256 of the text in hex, or as the manifest says.',
  })
  documentId!: string;

  @Field(() => String, { nullable: true, description: 'Its name. Null when it has none.' })
  name!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The most that it may cost, pages whose size is a variable taken as the largest. Null: not recorded.',
  })
  cost!: number | null;

  @Field(() => String, { description: 'Its text.' })
  body!: string;

  @Field(() => String, { description: 'Name of the manifest that it is from.' })
  manifest!: string;

  @Field(() => OperationAudience, { description: 'Who may run it.' })
  audience!: OperationAudience;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When somebody of the workspace last ran it, noted once a minute. Null: not yet.',
  })
  lastUsedAt!: Date | null;
}

export const StoredOperationConnection = countedConnectionType(() => StoredOperation, 'StoredOperation');

export function toStoredOperation(
  { id, name, cost, body, manifest, audience }: ListedOperation,
  lastUsedAt: Date | null,
): StoredOperation {
  return Object.assign(new StoredOperation(), {
    documentId: id,
    name,
    cost,
    body,
    manifest,
    lastUsedAt,
    audience: audience === 'people' ? OperationAudience.PEOPLE : OperationAudience.EVERYBODY,
  });
}
