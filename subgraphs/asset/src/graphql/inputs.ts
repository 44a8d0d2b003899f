import { Field, ID, InputType, Int } from 'type-graphql';
import { Criticality } from './enums.js';

const idempotencyKey = {
  nullable: true,
  description:
    '1 to 200 characters. The same key with the same input within 24 hours does nothing and answers as before.',
};
const version = {
  description: 'The version that this change was decided upon. RESOURCE_CONFLICT when the asset has another by now.',
};

@InputType({ description: 'What to change of an asset: an absent field is left, null clears.' })
export class UpdateAssetInput {
  @Field(() => ID, { description: 'Which asset.' })
  id!: string;

  @Field(() => Int, version)
  version!: number;

  @Field(() => String, { nullable: true, description: '1 to 255 characters. Cannot be cleared.' })
  name?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters.' })
  environment?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 255 characters.' })
  department?: string | null;

  @Field(() => Criticality, { nullable: true, description: 'Cannot be cleared: UNKNOWN says that nobody knows.' })
  criticality?: Criticality | null;

  @Field(() => String, { nullable: true, description: 'An e-mail address.' })
  ownerEmail?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      'All tags from now on, at most 50 of 1 to 64 characters. Cannot be cleared with null: [] takes all away.',
  })
  tags?: string[] | null;

  @Field(() => String, idempotencyKey)
  idempotencyKey?: string | null;
}

@InputType({ description: 'Which asset goes out of use.' })
export class RetireAssetInput {
  @Field(() => ID, { description: 'Which asset.' })
  id!: string;

  @Field(() => Int, version)
  version!: number;

  @Field(() => String, idempotencyKey)
  idempotencyKey?: string | null;
}
