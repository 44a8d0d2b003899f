import { Directive, Field, ObjectType } from 'type-graphql';
import { Role } from './Role.js';

@Directive('@perViewer')
@ObjectType({ description: 'Who asks, in which workspace, and what they may do.' })
export class Viewer {
  @Field(() => Role, { description: 'The person’s role; for a key, the least role that holds all its scopes.' })
  role!: Role;

  @Field(() => [String], {
    description: 'Every action that the caller may do here. The scopes of keys are these names.',
  })
  permissions!: string[];
}
