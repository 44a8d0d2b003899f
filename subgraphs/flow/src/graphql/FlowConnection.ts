import { Field, Int, ObjectType } from 'type-graphql';
import { CursorScalar, PageInfo } from '@tributary/server';
import { Flow } from './Flow.js';

@ObjectType({ description: 'An item of a FlowConnection.' })
export class FlowEdge {
  @Field(() => CursorScalar, { description: 'The position of this item: hand it back as `after` to go on behind it.' })
  cursor!: string;

  @Field(() => Flow, { description: 'The item.' })
  node!: Flow;
}

@ObjectType({ description: 'A page of a list of flows.' })
export class FlowConnection {
  count!: () => Promise<number>;

  @Field(() => [FlowEdge], { description: 'The items with their cursors.' })
  edges!: FlowEdge[];

  @Field(() => [Flow], { description: 'The items alone.' })
  nodes!: Flow[];

  @Field(() => PageInfo, { description: 'Where this page stands in the list.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'How many flows the filter lets through; counted only when selected.',
  })
  totalCount(): Promise<number> {
    return this.count();
  }

  @Field(() => CursorScalar, {
    description:
      'Where flowUpdates stood when this page was read: subscribing with it as `after` misses and repeats nothing.',
  })
  streamCursor!: string;
}
