import { Directive, Field, ID, ObjectType } from 'type-graphql';
import { encodeId } from '@tributary/contracts/ids';

/** The flow subgraph's entity, as far as this subgraph adds to it. */
@ObjectType('Flow', { description: 'A run that finds or changes things, from start to end.' })
@Directive('@key(fields: "id")')
export class FlowType {
  @Field(() => ID, { description: 'Opaque and stable.' })
  id!: string;

  static of(uuid: string): FlowType {
    return Object.assign(new FlowType(), { id: encodeId('flow', uuid) });
  }
}
