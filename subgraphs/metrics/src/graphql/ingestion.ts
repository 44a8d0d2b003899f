import { Field, Int, ObjectType } from 'type-graphql';

@ObjectType({ description: 'A trace that was not stored.' })
export class RejectedTrace {
  @Field(() => Int, { description: 'Its place in the list that was sent, from 0.' })
  index!: number;

  @Field(() => String, { description: 'A code of the error register.' })
  code!: string;

  @Field(() => String, { description: 'What is wrong with it.' })
  message!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'TOO_OLD: it began before what is kept (TRACE_DAYS), so no figure could take it in any more. Null where the code says all.',
  })
  reason!: string | null;
}

@ObjectType({
  description: 'What became of the traces that were sent: accepted, duplicates and rejected add up to them.',
})
export class IngestTracesPayload {
  @Field(() => Int, { description: 'Number of traces that are new and stored.' })
  accepted!: number;

  @Field(() => Int, { description: 'Number of traces that were sent before, in this call or an earlier one.' })
  duplicates!: number;

  @Field(() => [RejectedTrace], { description: 'Those that were not stored, each with its reason. The others are.' })
  rejected!: RejectedTrace[];
}
