import { Field, ID, InputType, Int } from 'type-graphql';
import { idempotency } from './inputs.js';

@InputType({ description: 'What a workspace says of a source.' })
export class SourceDefinitionInput {
  @Field(() => String, { description: 'YAML of at most 64 KB, as docs/discovery.md says.' })
  content!: string;
}

@InputType({ description: 'A new definition.' })
export class CreateSourceDefinitionInput {
  @Field(() => SourceDefinitionInput, { description: 'What it says.' })
  definition!: SourceDefinitionInput;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'A change of a definition, which takes the place of all that it said.' })
export class UpdateSourceDefinitionInput {
  @Field(() => ID, { description: 'The definition.' })
  id!: string;

  @Field(() => Int, { description: 'The version that the change was decided on.' })
  version!: number;

  @Field(() => SourceDefinitionInput, { description: 'What it says from now on.' })
  definition!: SourceDefinitionInput;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}

@InputType({ description: 'A definition to remove.' })
export class DeleteSourceDefinitionInput {
  @Field(() => ID, { description: 'The definition.' })
  id!: string;

  @Field(() => String, idempotency)
  idempotencyKey?: string | null;
}
