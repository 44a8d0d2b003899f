import { Field, Int, ObjectType } from 'type-graphql';
import type { AlertFacetRecord } from '../domain/model.js';

@ObjectType({ description: 'How many alerts have a value.' })
export class AlertFacetCount {
  @Field(() => String, { description: 'The value.' })
  value!: string;

  @Field(() => Int, { description: 'How many alerts.' })
  count!: number;
}

@ObjectType({
  description:
    'How many alerts there are of each value, commonest first. A facet counts under all parts of the filter but its own, so that it shows what else could be chosen.',
})
export class AlertFacets {
  @Field(() => [AlertFacetCount], { description: 'By status.' })
  status!: AlertFacetCount[];

  @Field(() => [AlertFacetCount], { description: 'By severity.' })
  severity!: AlertFacetCount[];
}

export function toAlertFacets(records: readonly AlertFacetRecord[]): AlertFacets {
  const of = (facet: AlertFacetRecord['facet']) =>
    records
      .filter((record) => record.facet === facet)
      .map(({ value, count }) => Object.assign(new AlertFacetCount(), { value, count }));
  return Object.assign(new AlertFacets(), { status: of('status'), severity: of('severity') });
}
