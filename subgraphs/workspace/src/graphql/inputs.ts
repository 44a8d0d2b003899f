import { Field, ID, InputType, Int } from 'type-graphql';
import { DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import { keyDescription } from './keyDescription.js';

@InputType({ description: 'A new API key.' })
export class CreateApiKeyInput {
  @Field(() => String, { description: 'Says who uses the key; 1 to 100 characters.' })
  name!: string;

  @Field(() => [String], {
    description: 'Actions that the key is limited to, of those that the caller may do: see viewer.permissions.',
  })
  scopes!: string[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on the key is refused. Null: until it is revoked.',
  })
  expiresAt?: Date | null;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which API key to revoke.' })
export class RevokeApiKeyInput {
  @Field(() => ID, { description: 'The key’s id.' })
  id!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which API key gets another secret.' })
export class RollApiKeyInput {
  @Field(() => ID, { description: 'The key’s id.' })
  id!: string;

  @Field(() => Int, {
    defaultValue: 0,
    description: 'How long the old secret stays good, in seconds: 0 to 86400.',
  })
  overlapSeconds!: number;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'A patch of the workspace’s settings.' })
export class UpdateWorkspaceSettingsInput {
  @Field(() => JsonObjectScalar, { description: 'Settings by name: an absent one is left as it is, null clears.' })
  settings!: Record<string, unknown>;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}

@InputType({ description: 'What the workspace is called from now on.' })
export class RenameWorkspaceInput {
  @Field(() => String, { description: 'The name that people see: 1 to 100 characters. Its slug stays.' })
  name!: string;

  @Field(() => String, { nullable: true, description: keyDescription })
  idempotencyKey?: string | null;
}
