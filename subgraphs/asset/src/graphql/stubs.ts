import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';

/** The flow subgraph's entity, as far as this subgraph adds to it. */
@ObjectType()
@Directive('@key(fields: "id")')
export class Flow {
  @Field(() => ID)
  id!: string;

  static of(uuid: string): Flow {
    return Object.assign(new Flow(), { id: encodeId('flow', uuid) });
  }
}
