import { Field, Float, ObjectType } from 'type-graphql';
import { countedConnectionType } from '@tributary/server';
import type { DependencyRecord } from '../domain/model.js';
import { Asset } from './Asset.js';

@ObjectType({ description: 'That one asset needs another.' })
export class AssetDependency {
  /** Not in the graph: the asset whose list this is in, and the bare uuid of the other. */
  asset!: Asset;
  otherId!: string;
  isOutgoing!: boolean;

  @Field(() => String, { description: 'How: runs_on, member_of, depends_on, connected_to, hosted_by, …' })
  kind!: string;

  @Field(() => Float, { description: 'How sure the source is, 0 to 1.' })
  confidence!: number;
}

export const AssetDependencyConnection = countedConnectionType<AssetDependency>(
  () => AssetDependency,
  'AssetDependency',
);

export function toDependency(record: DependencyRecord, asset: Asset): AssetDependency {
  return Object.assign(new AssetDependency(), {
    asset,
    otherId: record.otherId,
    isOutgoing: record.side === 0,
    kind: record.kind,
    confidence: record.confidence,
  });
}
