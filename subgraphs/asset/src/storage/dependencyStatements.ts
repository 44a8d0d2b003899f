import { Parameters, planOnce, sql } from '@tributary/data';
import type { Row, Statement } from '@tributary/data';
import { toCount } from './assetStatements.js';
import type { CountOf } from './assetStatements.js';

/** As seen from one asset: 0, it depends on the other; 1, the other depends on it. */
export type Side = 0 | 1;

export interface DependencyRecord {
  /** The asset that was asked about. */
  readonly assetId: string;
  readonly side: Side;
  readonly otherId: string;
  readonly fromId: string;
  readonly toId: string;
  readonly kind: string;
  /** The source's own word, of some that are related_to. */
  readonly relation: string | null;
  readonly confidence: number;
  readonly createdAt: Date;
}

/** Sort values of a dependency in an asset's list. */
export interface DependencyPosition {
  readonly side: Side;
  readonly otherId: string;
  readonly kind: string;
}

const sides = [
  { side: 0, own: 'from_id', other: 'to_id' },
  { side: 1, own: 'to_id', other: 'from_id' },
] as const;

/** For each of the assets its first dependencies on the wanted sides: outgoing before incoming, then the older asset first. */
export function dependenciesOf(
  assetIds: readonly string[],
  wanted: readonly Side[],
  position: DependencyPosition | null,
  limit: number,
): Statement<DependencyRecord> {
  const parameters = new Parameters();
  const assets = parameters.add(assetIds, 'uuid[]');
  const most = parameters.add(limit, 'int');
  const selects = sides
    .filter(({ side }) => wanted.includes(side) && side >= (position?.side ?? 0))
    .map(({ side, own, other }) => {
      const behind =
        position?.side === side
          ? ` and (d.${other}, d.kind) > (${parameters.add(position.otherId, 'uuid')}, ${parameters.add(position.kind, 'text')})`
          : '';
      return `(select ${side} as side, d.${other} as other_id, d.from_id, d.to_id, d.kind, d.relation, d.confidence, d.created_at from asset_dependency d
        where d.workspace_id = $1 and d.${own} = asset.id${behind} order by d.${other}, d.kind limit ${most})`;
    });
  return planOnce(
    sql(
      'asset.dependencies',
      `select asset.id as asset_id, page.* from unnest((select ${assets})) as asset (id) cross join lateral (
       select * from (${selects.join(' union all ')}) sides order by side, other_id, kind limit ${most}
     ) page`,
      parameters.values,
      toDependencyRecord,
    ),
  );
}

export function countDependenciesOf(assetIds: readonly string[], wanted: readonly Side[]): Statement<CountOf> {
  const selects = sides
    .filter(({ side }) => wanted.includes(side))
    .map(({ own }) => `select ${own} as id from asset_dependency where workspace_id = $1 and ${own} = any($2::uuid[])`);
  return sql(
    'asset.countDependencies',
    `select id, count(*) from (${selects.join(' union all ')}) sides group by id`,
    [assetIds],
    toCount,
  );
}

function toDependencyRecord(row: Row): DependencyRecord {
  return {
    assetId: row['asset_id'] as string,
    side: row['side'] as Side,
    otherId: row['other_id'] as string,
    fromId: row['from_id'] as string,
    toId: row['to_id'] as string,
    kind: row['kind'] as string,
    relation: row['relation'] as string | null,
    confidence: row['confidence'] as number,
    createdAt: row['created_at'] as Date,
  };
}
