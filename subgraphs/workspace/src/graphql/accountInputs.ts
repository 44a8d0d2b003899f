import { Field, ID, InputType } from 'type-graphql';
import { keyDescription } from './keyDescription.js';

@InputType({ description: 'A new password for the person who asks.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The password as it is.' })
  current!: string;

  @Field(() => String, { description: 'The new one, 10 to 256 characters.' })
  next!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which session to end.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The session’s id, from viewer.sessions.' })
  id!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What a person is called in this workspace.' })
export class UpdateProfileInput {
  @Field(() => String, { description: 'The name that colleagues see, 1 to 100 characters.' })
  displayName!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}
