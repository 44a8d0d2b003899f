import { Field, Float, ObjectType } from 'type-graphql';
import { countedConnectionType, DateTimeScalar, JsonObjectScalar } from '@tributary/server';
import type { AlertDimension as Dimension } from '@tributary/contracts/values';
import type { InstanceRow } from '../domain/model.js';
import { AlertInstanceState } from './enums.js';

@ObjectType({ description: 'Where a rule stands with one group, or with everything when it has no groups.' })
export class AlertInstance {
  @Field(() => JsonObjectScalar, {
    description:
      'The group, by the dimension: { "AGENT": "mapper" }; empty without groups. Null there: data without a value.',
  })
  key!: Record<string, unknown>;

  @Field(() => AlertInstanceState, { description: 'Where it stands.' })
  state!: AlertInstanceState;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  since!: Date;

  @Field(() => Float, { nullable: true, description: 'The figure when it was last seen. Null when there was none.' })
  value!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it was last seen. Null when it never was.' })
  observedAt!: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Since when there are no data. Null while there are.' })
  noDataSince!: Date | null;

  @Field(() => Boolean, { description: 'It began and ended so often that its alert stays open.' })
  flapping!: boolean;

  row!: InstanceRow;
}

export const AlertInstanceConnection = countedConnectionType(() => AlertInstance, 'AlertInstance');

export function toAlertInstance(row: InstanceRow, groupBy: Dimension | null): AlertInstance {
  const { key, state, since, value, observedAt, noDataSince, flapping } = row;
  return Object.assign(new AlertInstance(), {
    key: groupBy === null ? {} : { [groupBy]: key },
    state,
    since,
    value,
    observedAt,
    noDataSince,
    flapping,
    row,
  });
}
