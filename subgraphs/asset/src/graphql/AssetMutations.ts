import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Allow } from '@tributary/server';
import type { GraphqlContext } from '@tributary/server';
import type { AssetEditing } from '../domain/editing/AssetEditing.js';
import type { Criticality } from '@tributary/contracts/values';
import { AssetType, toAsset } from './AssetType.js';
import { CriticalityEnum } from './enums.js';

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

  @Field(() => CriticalityEnum, { nullable: true, description: 'Cannot be cleared: UNKNOWN says that nobody knows.' })
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

@ObjectType({ description: 'What updateAsset did.' })
export class UpdateAssetPayload {
  @Field(() => AssetType, { description: 'The asset after the change.' })
  asset!: AssetType;
}

@ObjectType({ description: 'What retireAsset did.' })
export class RetireAssetPayload {
  @Field(() => AssetType, { description: 'The asset after the change.' })
  asset!: AssetType;
}

@Resolver()
export class AssetMutations {
  constructor(private readonly editing: AssetEditing) {}

  @Mutation(() => UpdateAssetPayload, {
    nullable: true,
    description: 'Changes an asset. What a person sets outlasts later discoveries. Another version: RESOURCE_CONFLICT.',
  })
  @Allow('asset.update')
  async updateAsset(
    @Arg('input', () => UpdateAssetInput, { description: 'What to change.' }) input: UpdateAssetInput,
    @Ctx() context: GraphqlContext,
  ): Promise<UpdateAssetPayload> {
    return { asset: toAsset(await this.editing.update(context, input), context) };
  }

  @Mutation(() => RetireAssetPayload, {
    nullable: true,
    description: 'Takes an asset out of use for good; it stays in the inventory. Another version: RESOURCE_CONFLICT.',
  })
  @Allow('asset.retire')
  async retireAsset(
    @Arg('input', () => RetireAssetInput, { description: 'Which asset.' }) input: RetireAssetInput,
    @Ctx() context: GraphqlContext,
  ): Promise<RetireAssetPayload> {
    return { asset: toAsset(await this.editing.retire(context, input), context) };
  }
}
