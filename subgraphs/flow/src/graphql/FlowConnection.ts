import { Field, Int, ObjectType } from 'type-graphql';
import { CursorScalar, PageInfo } from '@tributary/server';
import { FlowNode } from './FlowNode.js';

@ObjectType('FlowEdge', { description: 'An item of a FlowConnection.' })
export class FlowEdge {
  @Field(() => CursorScalar, { description: 'The position of this item: hand it back as `after` to go on behind it.' })
  cursor!: string;

  @Field(() => FlowNode, { description: 'The item.' })
  node!: FlowNode;
}

@ObjectType('FlowConnection', { description: 'A page of a list of flows.' })
export class FlowConnection {
  count!: () => Promise<number>;

  @Field(() => [FlowEdge], { description: 'The items with their cursors.' })
  edges!: FlowEdge[];

  @Field(() => [FlowNode], { description: 'The items alone.' })
  nodes!: FlowNode[];

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
