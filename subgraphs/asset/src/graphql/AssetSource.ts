import { Field, ObjectType } from 'type-graphql';
import { Allow, DateTimeScalar } from '@tributary/server';
import type { SaidRecord } from '../domain/model.js';
import { Flow } from './stubs.js';

@ObjectType({
  description: 'A source that says something: exports of one kind, from one place, under one name.',
})
export class AssetSource {
  @Field(() => Flow, {
    nullable: true,
    description: 'The flow by which it said so last. Null without the action flow.read.',
  })
  @Allow('flow.read')
  flow!: Flow | null;

  @Field(() => String, { description: 'What its first flow called it, such as the name of a file.' })
  source!: string;

  @Field(() => DateTimeScalar, { description: 'When it said so for the first time.' })
  firstSeenAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it said so last.' })
  lastSeenAt!: Date;
}

export function toAssetSource(record: SaidRecord): AssetSource {
  return Object.assign(new AssetSource(), {
    flow: Flow.of(record.flowId),
    source: record.source,
    firstSeenAt: record.firstSeenAt,
    lastSeenAt: record.lastSeenAt,
  });
}
