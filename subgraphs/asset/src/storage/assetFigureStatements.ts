import type { AssetMeasure } from '@tributary/contracts/values';
import { heavy, sql } from '@tributary/data';
import type { Statement } from '@tributary/data';

/** Moments that are a step apart, with the windows that end there. */
export interface AssetMoments {
  readonly firstEnd: Date;
  readonly count: number;
  readonly stepMs: number;
  readonly windowMs: number;
}

/** What an asset is grouped by: it itself, what it is, or the source that saw it last. */
export type AssetGrouping = 'ASSET' | 'ASSET_KIND' | 'SOURCE';

/** By what a group's figure differs at a moment from the one before: to be added up, of ASSETS_MISSING to be taken the greatest of. */
export interface AssetFigureChange {
  readonly index: number;
  /** An asset's bare uuid, a kind or a source's name; null for all, and for what no source is known of. */
  readonly key: string | null;
  readonly amount: number;
  /** Of a share, what it is a share of. */
  readonly whole: number;
}

interface Spans {
  readonly from: string;
  readonly where?: string;
  /** An asset counts at moments behind the first and up to the second; null: for ever. */
  readonly enters: string;
  readonly leaves: string;
  readonly amount: string;
  readonly whole: string;
}

const window = `$5::bigint * interval '1 millisecond'`;
const ofAsset = { from: 'asset a', amount: '1', whole: '0' } as const;

/** From when to when an asset counts, by measure. */
const spans: Readonly<Record<AssetMeasure, readonly Spans[]>> = {
  ASSETS_NEW: [{ ...ofAsset, enters: 'a.created_at', leaves: `a.created_at + ${window}` }],
  ASSETS_UNMAPPED: [
    {
      ...ofAsset,
      where: `a.status <> 'RETIRED' and a.owner_email is null
        and not exists (select from asset_dependency d where d.workspace_id = $1 and d.from_id = a.id)
        and not exists (select from asset_dependency d where d.workspace_id = $1 and d.to_id = a.id)`,
      enters: 'a.created_at',
      leaves: 'null',
    },
  ],
  ASSETS_MISSING: [
    {
      ...ofAsset,
      from: 'asset a join asset_missing m on m.workspace_id = $1 and m.asset_id = a.id',
      // What a person has taken out of use is not waited for.
      where: `(a.status <> 'RETIRED' or m.status_before is not null)`,
      enters: 'm.missing_since',
      leaves: 'null',
      amount: 'm.imports',
    },
  ],
  ASSETS_CHANGED_SHARE: [
    {
      ...ofAsset,
      where: 'a.updated_at > a.created_at',
      enters: `greatest(a.updated_at, a.created_at + ${window})`,
      leaves: `a.updated_at + ${window}`,
    },
    {
      ...ofAsset,
      enters: `a.created_at + ${window}`,
      // That it was retired is a change, too; after that it is none of those that may change.
      leaves: `case when a.status = 'RETIRED' then a.updated_at + ${window} end`,
      amount: '0',
      whole: '1',
    },
  ],
};

const keys: Readonly<Record<AssetGrouping, readonly [key: string, joined: string]>> = {
  ASSET: ['a.id::text', ''],
  ASSET_KIND: ['a.kind', ''],
  SOURCE: [
    'o.name',
    `left join asset_sighting s on s.workspace_id = $1 and s.asset_id = a.id
     left join inventory_flow f on f.workspace_id = $1 and f.flow_id = s.flow_id
     left join inventory_source o on o.workspace_id = $1 and o.id = f.source_id`,
  ],
};

/**
 * How a measure of assets changes over moments, by key and then by moment. Each asset is looked at once, however many moments there are:
 * it is added at the first at which it counts, and taken away at the first at which it does no longer.
 */
export function assetFigures(
  measure: AssetMeasure,
  groupBy: AssetGrouping | null,
  { firstEnd, count, stepMs, windowMs }: AssetMoments,
  limit: number,
): Statement<AssetFigureChange> {
  const [key, joined] = groupBy === null ? ['null::text', ''] : keys[groupBy];
  const found = spans[measure].map(
    ({ from, where = 'true', enters, leaves, amount, whole }) =>
      `select ${key} as key, ${enters} as enters, (${leaves})::timestamptz as leaves, ${amount} as amount, ${whole} as whole
       from ${from} ${joined} where a.workspace_id = $1 and ${where}`,
  );
  const place = (moment: string) =>
    `greatest(0, floor(extract(epoch from ${moment} - $2::timestamptz) * 1000 / $4::bigint) + 1)`;
  const together = measure === 'ASSETS_MISSING' ? 'max' : 'sum';
  return heavy(
    sql(
      'asset.assetFigures',
      `with found as (${found.join(' union all ')}),
       placed as (
         select key, ${place('enters')} as first, case when leaves is not null then ${place('leaves')} end as behind, amount, whole
         from found where $5::bigint > 0
       ),
       change as (
         select key, first as index, amount, whole from placed where behind is null or behind > first
         union all
         select key, behind, -amount, -whole from placed where behind > first
       )
       select key, index::integer as index, ${together}(amount) as amount, ${together}(whole) as whole from change
       where index < $3::integer group by 1, 2 order by 1, 2 limit $6`,
      [firstEnd, count, stepMs, windowMs, limit],
      (row) => ({
        index: row['index'] as number,
        key: row['key'] as string | null,
        amount: Number(row['amount']),
        whole: Number(row['whole']),
      }),
    ),
  );
}
