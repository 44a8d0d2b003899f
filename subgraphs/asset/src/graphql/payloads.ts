import { Field, ObjectType } from 'type-graphql';
import { Asset } from './Asset.js';

@ObjectType({ description: 'What updateAsset did.' })
export class UpdateAssetPayload {
  @Field(() => Asset, { description: 'The asset after the change.' })
  asset!: Asset;
}

@ObjectType({ description: 'What retireAsset did.' })
export class RetireAssetPayload {
  @Field(() => Asset, { description: 'The asset after the change.' })
  asset!: Asset;
}
