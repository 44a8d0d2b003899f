import { createUnionType } from 'type-graphql';
import { SystemActor } from '@tributary/server';
import { ApiKey } from './ApiKey.js';
import { User } from './User.js';

export const Actor = createUnionType({
  name: 'Actor',
  description: 'Who did it: a person, a partner’s key, or a part of this product.',
  types: () => [User, ApiKey, SystemActor] as const,
  resolveType: (value: object) => value.constructor.name,
});
