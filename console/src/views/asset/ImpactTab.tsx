'use client';
import { parseAsInteger, useQueryState } from 'nuqs';
import { AssetImpact } from '../../graph/generated/operations';
import type { AssetImpactQuery } from '../../graph/generated/types';
import { useGraphPages } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { CriticalityBadge } from '../../parts/badges';
import { Query } from '../../parts/Query';
import { DataTable, type Column } from '../../tables/DataTable';
import { Select } from '../../ui/Field';
import { Empty } from '../../ui/states';
import { label } from '../../words/format';
import { say } from '../../words/say';

type Row = NonNullable<AssetImpactQuery['asset']>['impact']['nodes'][number];

const columns: readonly Column<Row>[] = [
  {
    id: 'distance',
    title: 'Steps',
    width: '4rem',
    fixed: true,
    right: true,
    text: ({ distance }) => distance,
    cell: ({ distance }) => distance,
  },
  {
    id: 'name',
    title: 'Asset',
    fixed: true,
    width: 'minmax(9rem, 2fr)',
    text: ({ asset }) => asset.name,
    cell: ({ asset }) => <span className="font-medium">{asset.name}</span>,
  },
  {
    id: 'kind',
    title: 'Kind',
    width: '9rem',
    text: ({ asset }) => asset.kind,
    cell: ({ asset }) => label(asset.kind),
  },
  {
    id: 'criticality',
    title: 'Criticality',
    width: '7rem',
    wideOnly: true,
    text: ({ asset }) => asset.criticality,
    cell: ({ asset }) => <CriticalityBadge criticality={asset.criticality} />,
  },
  {
    id: 'environment',
    title: 'Environment',
    wideOnly: true,
    text: ({ asset }) => asset.environment,
    cell: ({ asset }) => asset.environment ?? '–',
  },
];

/** What stands still when this asset does, nearest first. */
export function ImpactTab({ id, name }: { readonly id: string; readonly name: string }) {
  const go = useGo();
  const [depth, setDepth] = useQueryState('depth', parseAsInteger.withDefault(3));
  const query = useGraphPages(
    AssetImpact,
    { id, depth: Math.min(5, Math.max(1, depth)) },
    (data) => data.asset?.impact,
  );
  return (
    <Query query={query}>
      {({ pages }) => (
        <DataTable
          name="impact"
          columns={columns}
          rows={pages.flatMap((page) => page.asset?.impact.nodes ?? [])}
          keyOf={({ asset }) => asset.id}
          onOpen={({ asset }) => go('asset', { id: asset.id })}
          hasMore={query.hasNextPage}
          loadsMore={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
          total={pages[0]?.asset?.impact.totalCount ?? null}
          tools={
            <Select
              aria-label={say('How far')}
              className="w-auto max-w-full"
              value={depth}
              onChange={(event) => void setDepth(Number(event.target.value))}
            >
              {[1, 2, 3, 4, 5].map((steps) => (
                <option key={steps} value={steps}>
                  {steps === 1 ? say('directly') : say('over {steps} steps', { steps })}
                </option>
              ))}
            </Select>
          }
          empty={<Empty icon="circleCheck" title={say('Nothing is known to depend on {name}', { name })} />}
        />
      )}
    </Query>
  );
}
