import { Field, ID, InputType } from 'type-graphql';
import { AssetKind, AssetStatus, Criticality } from './enums.js';

@InputType({
  description:
    'Which assets: all parts that are given must hold. Within a list any value will do, and none of an empty one, save for tags. Null or an absent part does not matter.',
})
export class AssetFilter {
  @Field(() => [AssetKind], { nullable: true, description: 'Of any of these kinds.' })
  kind?: AssetKind[] | null;

  @Field(() => [AssetStatus], { nullable: true, description: 'In any of these states.' })
  status?: AssetStatus[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'In any of these environments, written as assetFacets gives them.',
  })
  environment?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: 'Of any of these departments, written as assetFacets gives them.',
  })
  department?: string[] | null;

  @Field(() => [Criticality], { nullable: true, description: 'Of any of these levels.' })
  criticality?: Criticality[] | null;

  @Field(() => [String], { nullable: true, description: 'With all of these tags, in any letter case.' })
  tags?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description:
      'With words in name, hostname or externalId, or an address, that start with each of these words, in any letter case. At most 10 words and 200 characters.',
  })
  search?: string | null;

  @Field(() => [ID], { nullable: true, description: 'Seen last by any of these flows.' })
  discoveredByFlowId?: string[] | null;
}
