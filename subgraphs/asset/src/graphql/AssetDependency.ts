import { Field, Float, ObjectType } from 'type-graphql';
import { countedConnectionType, DateTimeScalar } from '@tributary/server';
import type { DependencyRecord, EdgeKey } from '../domain/model.js';
import { Asset } from './Asset.js';

@ObjectType({ description: 'That one asset needs another.' })
export class AssetDependency {
  /** Not in the graph: the asset whose list this is in, and the bare uuid of the other. */
  asset!: Asset;
  otherId!: string;
  isOutgoing!: boolean;
  edge!: EdgeKey;

  @Field(() => String, {
    description:
      'How: runs_on, hosted_by, member_of, part_of, depends_on, connected_to, uses, backed_up_by, or related_to.',
  })
  kind!: string;

  @Field(() => String, {
    nullable: true,
    description: 'The source’s own word for a relation that is none of the others. Null unless the kind is related_to.',
  })
  relation!: string | null;

  @Field(() => Float, { description: 'How sure the source is, 0 to 1.' })
  confidence!: number;

  @Field(() => DateTimeScalar, { description: 'When a source said so for the first time.' })
  since!: Date;
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
    edge: { fromId: record.fromId, toId: record.toId, kind: record.kind },
    kind: record.kind,
    relation: record.relation,
    confidence: record.confidence,
    since: record.createdAt,
  });
}
