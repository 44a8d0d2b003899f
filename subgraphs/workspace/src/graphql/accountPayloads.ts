import { Field, ObjectType } from 'type-graphql';
import { DateTimeScalar } from '@tributary/server';
import { SignInSession } from './SignInSession.js';
import { User } from './User.js';

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

@ObjectType({ description: 'What updateProfile did.' })
export class UpdateProfilePayload {
  @Field(() => User, { description: 'The person, with the name that colleagues see from now on.' })
  user!: User;
}
