import { Field, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '@tributary/server';
import { SignInSession } from './SignInSession.js';

@ObjectType({ description: 'What changePassword did.' })
export class ChangePasswordPayload {
  @Field(() => DateTimeScalar, { description: 'When it was changed.' })
  changedAt!: Date;
}

@ObjectType({ description: 'What revokeSession did.' })
export class RevokeSessionPayload {
  @Field(() => SignInSession, { description: 'The session that was ended, as it was.' })
  session!: SignInSession;
}
