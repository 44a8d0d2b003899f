import { Field, Int, ObjectType } from 'type-graphql';
import { countedConnectionType } from '@tributary/server';
import type { ImpactRecord } from '../domain/model.js';

@ObjectType({ description: 'An asset that depends on another, directly or through others.' })
export class AssetImpact {
  /** Bare uuid of the asset that depends. Not in the graph. */
  impactedId!: string;

  @Field(() => Int, { description: 'Number of dependencies on the shortest way, from 1.' })
  distance!: number;
}

export const AssetImpactConnection = countedConnectionType<AssetImpact>(() => AssetImpact, 'AssetImpact');

export function toImpact({ impactedId, distance }: ImpactRecord): AssetImpact {
  return Object.assign(new AssetImpact(), { impactedId, distance });
}
