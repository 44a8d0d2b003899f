import { Field, Int, ObjectType } from 'type-graphql';
import type { FacetRecord } from '../domain/model.js';

@ObjectType('FacetCount', { description: 'How many assets have a value.' })
export class FacetCountType {
  @Field(() => String, { nullable: true, description: 'The value. Null: assets without one.' })
  value!: string | null;

  @Field(() => Int, { description: 'How many assets.' })
  count!: number;
}

@ObjectType('AssetFacets', {
  description:
    'How many assets there are of each value, commonest first, at most 100 values each. A facet counts under all parts of the filter but its own, so that it shows what else could be chosen.',
})
export class AssetFacetsType {
  @Field(() => [FacetCountType], { description: 'By kind.' })
  kind!: FacetCountType[];

  @Field(() => [FacetCountType], { description: 'By environment.' })
  environment!: FacetCountType[];

  @Field(() => [FacetCountType], { description: 'By department.' })
  department!: FacetCountType[];

  @Field(() => [FacetCountType], { description: 'By criticality.' })
  criticality!: FacetCountType[];
}

export function toFacets(records: readonly FacetRecord[]): AssetFacetsType {
  const of = (facet: FacetRecord['facet']) =>
    records
      .filter((record) => record.facet === facet)
      .map(({ value, count }) => Object.assign(new FacetCountType(), { value, count }));
  return Object.assign(new AssetFacetsType(), {
    kind: of('kind'),
    environment: of('environment'),
    department: of('department'),
    criticality: of('criticality'),
  });
}
