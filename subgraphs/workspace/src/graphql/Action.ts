import { Field, ObjectType } from 'type-graphql';
import { actions, actionsOfPeople } from '@tributary/contracts/actions';
import { Role } from './Role.js';

@ObjectType({ description: 'Something that can be allowed: a permission of people, and a scope of keys.' })
export class Action {
  @Field(() => String, { description: 'As in viewer.permissions and ApiKey.scopes, such as flow.start.' })
  name!: string;

  @Field(() => String, { description: 'For people, in English: two to five words.' })
  title!: string;

  @Field(() => String, { description: 'For people, in English: what it allows, in a sentence.' })
  description!: string;

  @Field(() => Role, { description: 'The least role that holds it; every higher role holds it, too.' })
  leastRole!: Role;

  @Field(() => Boolean, {
    description:
      'Whether a key can be given it as a scope, by somebody who holds it. False: every key holds it, or none ever does.',
  })
  isScope!: boolean;
}

/** Every action that a person can hold, in the catalogue's order. */
export function listActions(): Action[] {
  return actionsOfPeople.flatMap((name) => {
    const { title, description, least, keys } = actions[name];
    if (least === 'SYSTEM') return [];
    return [Object.assign(new Action(), { name, title, description, leastRole: least, isScope: keys === 'byScope' })];
  });
}
