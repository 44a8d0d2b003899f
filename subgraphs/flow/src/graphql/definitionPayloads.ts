import { Field, ID, ObjectType } from 'type-graphql';
import { SourceDefinition } from './SourceDefinition.js';

@ObjectType({ description: 'The new definition.' })
export class CreateSourceDefinitionPayload {
  @Field(() => SourceDefinition, { description: 'The definition as it stands.' })
  definition!: SourceDefinition;
}

@ObjectType({ description: 'The changed definition.' })
export class UpdateSourceDefinitionPayload {
  @Field(() => SourceDefinition, { description: 'The definition as it stands.' })
  definition!: SourceDefinition;
}

@ObjectType({ description: 'Which definition is gone.' })
export class DeleteSourceDefinitionPayload {
  @Field(() => ID, { description: 'The id that it had.' })
  deletedSourceDefinitionId!: string;
}
