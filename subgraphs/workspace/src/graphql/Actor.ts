import { createUnionType, Directive, Field, ObjectType } from 'type-graphql';
import { ApiKey } from './ApiKey.js';
import { User } from './User.js';

@ObjectType({ description: 'A part of this product that acts by itself, such as a flow’s worker or a rule evaluator.' })
@Directive('@shareable')
export class SystemActor {
  @Field(() => String, { description: 'Which part.' })
  part!: string;
}

export const Actor = createUnionType({
  name: 'Actor',
  description: 'Who did it: a person, a partner’s key, or a part of this product.',
  types: () => [User, ApiKey, SystemActor] as const,
  resolveType: (value: object) => value.constructor.name,
});
