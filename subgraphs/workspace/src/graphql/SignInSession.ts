import { Field, ID, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';
import { DateTimeScalar } from '@tributary/server';
import type { OwnSession } from '../domain/OwnAccount.js';

@ObjectType({ description: 'Where the person who asks is signed in.' })
export class SignInSession {
  @Field(() => ID, { description: 'Opaque id of the session, for revokeSession.' })
  id!: string;

  @Field(() => DateTimeScalar, { description: 'When the person signed in.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it was last refreshed, within half an hour of its last use.' })
  lastUsedAt!: Date;

  @Field(() => String, {
    nullable: true,
    description: 'What the browser or program called itself at sign-in, up to 300 characters. Null: it did not say.',
  })
  userAgent!: string | null;

  @Field(() => Boolean, { description: 'Whether this request came with it.' })
  current!: boolean;
}

export function toSignInSession({ id, createdAt, lastUsedAt, userAgent, current }: OwnSession): SignInSession {
  return Object.assign(new SignInSession(), { id: encodeId('sess', id), createdAt, lastUsedAt, userAgent, current });
}
