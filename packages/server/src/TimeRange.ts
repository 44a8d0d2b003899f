import { enumOf, relativeRanges } from '@tributary/contracts/values';
import { Field, InputType, registerEnumType } from 'type-graphql';
import { DateTimeScalar } from './scalars.js';

export const RelativeRange = enumOf(relativeRanges);
export type RelativeRange = keyof typeof RelativeRange;

registerEnumType(RelativeRange, {
  name: 'RelativeRange',
  description:
    'A period that ends now: at the last half minute that is 5 seconds old, so that all who look meanwhile see the same.',
  valuesConfig: {
    HOUR: { description: '60 minutes.' },
    DAY: { description: '24 hours.' },
    WEEK: { description: '7 days.' },
    MONTH: { description: '30 days.' },
    QUARTER: { description: '90 days.' },
    YEAR: { description: '365 days.' },
  },
});

/** One for all subgraphs: federation makes the intersection of input types, and a field that one of them lacks is gone without a word. */
@InputType({
  description: 'A period: `from` and `to` (from ≤ t < to, `from` before `to`, by ten years at most), or `last` alone.',
})
export class TimeRange {
  @Field(() => DateTimeScalar, { nullable: true, description: 'Its first moment. Null with `last`.' })
  from?: Date | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'The first moment behind it. Null with `last`.' })
  to?: Date | null;

  @Field(() => RelativeRange, {
    nullable: true,
    description: 'How long it lasted until now. Null with `from` and `to`.',
  })
  last?: RelativeRange | null;
}
