import { Field, Int, ObjectType } from 'type-graphql';
import type { FacetRecord } from '../domain/model.js';
import type { AssetFilter } from './AssetFilter.js';

@ObjectType({ description: 'How many assets have a value.' })
export class FacetCount {
  @Field(() => String, { nullable: true, description: 'The value. Null: assets without one.' })
  value!: string | null;

  @Field(() => Int, { description: 'How many assets.' })
  count!: number;
}

@ObjectType({
  description:
    'How many assets there are of each value, commonest first, at most 100 values each. A facet counts under all parts of the filter but its own, so that it shows what else could be chosen.',
})
export class AssetFacets {
  /** Not in the graph. */
  filter!: AssetFilter | null;

  @Field(() => [FacetCount], { description: 'By kind.' })
  kind!: FacetCount[];

  @Field(() => [FacetCount], { description: 'By environment.' })
  environment!: FacetCount[];

  @Field(() => [FacetCount], { description: 'By department.' })
  department!: FacetCount[];

  @Field(() => [FacetCount], { description: 'By criticality.' })
  criticality!: FacetCount[];

  @Field(() => [FacetCount], { description: 'By status.' })
  status!: FacetCount[];
}

export function toFacets(records: readonly FacetRecord[], filter: AssetFilter | null): AssetFacets {
  const of = (facet: FacetRecord['facet']) =>
    records
      .filter((record) => record.facet === facet)
      .map(({ value, count }) => Object.assign(new FacetCount(), { value, count }));
  return Object.assign(new AssetFacets(), {
    filter,
    kind: of('kind'),
    environment: of('environment'),
    department: of('department'),
    criticality: of('criticality'),
    status: of('status'),
  });
}
