import { Field, Int, ObjectType } from 'type-graphql';
import type { FlowFacetRecord } from '../domain/flow/records.js';

@ObjectType({ description: 'How many flows have a value.' })
export class FlowFacetCount {
  @Field(() => String, { description: 'The value.' })
  value!: string;

  @Field(() => Int, { description: 'How many flows.' })
  count!: number;
}

@ObjectType({
  description:
    'How many flows there are of each value, commonest first, at most 100 values each. A facet counts under all parts of the filter but its own, so that it shows what else could be chosen.',
})
export class FlowFacets {
  @Field(() => [FlowFacetCount], { description: 'By status.' })
  status!: FlowFacetCount[];

  @Field(() => [FlowFacetCount], { description: 'By kind.' })
  kind!: FlowFacetCount[];
}

export function toFlowFacets(records: readonly FlowFacetRecord[]): FlowFacets {
  const of = (facet: FlowFacetRecord['facet']) =>
    records
      .filter((record) => record.facet === facet)
      .map(({ value, count }) => Object.assign(new FlowFacetCount(), { value, count }));
  return Object.assign(new FlowFacets(), { status: of('status'), kind: of('kind') });
}
