import { Field, ID, InputType } from 'type-graphql';
import { DateTimeScalar } from '@tributary/server';

@InputType({
  description: 'Which entries: all parts that are given must hold. Null or an absent part does not matter.',
})
export class AuditFilter {
  @Field(() => ID, { nullable: true, description: 'Done by this person or key.' })
  actorId?: string | null;

  @Field(() => [String], { nullable: true, description: 'Any of these, such as flow.start. An empty list: none.' })
  action?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Done to something of any of these types, such as Flow. An empty list: none.',
  })
  entityType?: string[] | null;

  @Field(() => ID, { nullable: true, description: 'Done to this, whether or not it exists any more.' })
  entityId?: string | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Done then or later.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Done before then.' })
  to?: Date | null;
}
