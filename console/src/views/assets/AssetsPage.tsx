'use client';
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { useDeferredValue, useEffect, useMemo, useRef } from 'react';
import { AssetFacets, Assets } from '../../graph/generated/operations';
import type { AssetFilter } from '../../graph/generated/types';
import { useGraph, useGraphPages } from '../../graph/useGraph';
import { Link, useGo } from '../../host/navigation';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { DataTable } from '../../tables/DataTable';
import { Button } from '../../ui/Button';
import { Choice, Input } from '../../ui/Field';
import { Empty } from '../../ui/states';
import { say, sayWith } from '../../words/say';
import { assetColumns } from './assetColumns';
import { FacetList } from './FacetList';

const many = parseAsArrayOf(parseAsString).withDefault([]);
const orders = ['NAME_ASC', 'NAME_DESC', 'LAST_SEEN_DESC', 'CREATED_DESC', 'KIND_ASC', 'CRITICALITY_DESC'] as const;
const orderNames = {
  NAME_ASC: 'Name A–Z',
  NAME_DESC: 'Name Z–A',
  LAST_SEEN_DESC: 'Seen last',
  CREATED_DESC: 'Found last',
  KIND_ASC: 'Kind',
  CRITICALITY_DESC: 'Most critical',
} as const;
const dimensions = ['kind', 'status', 'environment', 'department', 'criticality', 'tags'] as const;

/** Of a CSV. */
const mostPages = 200;

export function AssetsPage() {
  const go = useGo();
  const box = useRef<HTMLInputElement>(null);
  const [filters, setFilters] = useQueryStates({
    q: parseAsString.withDefault(''),
    kind: many,
    environment: many,
    department: many,
    criticality: many,
    status: many,
    tags: many,
    order: parseAsStringLiteral(orders).withDefault('NAME_ASC'),
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      if (event.key !== '/' || typing) return;
      event.preventDefault();
      box.current?.focus();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);

  const columns = useMemo(() => assetColumns((tag) => void setFilters({ tags: [tag] })), [setFilters]);
  const filter = useDeferredValue(assetFilter(filters));
  const query = useGraphPages(Assets, { filter, orderBy: filters.order }, (data) => data.assets, {
    refetchInterval: 30_000,
  });
  const facets = useGraph(AssetFacets, { filter });
  const isFiltered = filters.q !== '' || dimensions.some((name) => filters[name].length > 0);
  const clear = () =>
    void setFilters({
      q: null,
      kind: null,
      environment: null,
      department: null,
      criticality: null,
      status: null,
      tags: null,
    });
  return (
    <>
      <PageHeader title={say('Assets')} about={say('Everything that flows have found, and what depends on what.')} />
      <div className="grid gap-4 lg:grid-cols-[14rem_minmax(0,1fr)]">
        <aside aria-label={say('Filters')} className="grid content-start gap-4">
          <Input
            ref={box}
            type="search"
            aria-label={say('Search assets')}
            placeholder={say('Search ( / )')}
            value={filters.q}
            onChange={(event) => void setFilters({ q: event.target.value || null })}
          />
          <div className="hidden gap-4 lg:grid">
            {dimensions.map((name) => (
              <FacetList
                key={name}
                title={name}
                counts={facets.data?.assetFacets?.[name] ?? []}
                chosen={filters[name]}
                onChange={(next) => void setFilters({ [name]: next.length > 0 ? next : null })}
              />
            ))}
          </div>
          <details className="rounded-lg border border-line bg-surface px-3 py-2 lg:hidden">
            <summary className="text-sm">{say('Filters')}</summary>
            <div className="mt-3 grid gap-4">
              {dimensions.map((name) => (
                <FacetList
                  key={name}
                  title={name}
                  counts={facets.data?.assetFacets?.[name] ?? []}
                  chosen={filters[name]}
                  onChange={(next) => void setFilters({ [name]: next.length > 0 ? next : null })}
                />
              ))}
            </div>
          </details>
          {isFiltered && (
            <Button icon="x" onClick={clear}>
              {say('Clear filters')}
            </Button>
          )}
        </aside>
        <div className="min-w-0">
          <Query query={query}>
            {({ pages }) => (
              <DataTable
                name="assets"
                columns={columns}
                rows={pages.flatMap((page) => page.assets?.nodes ?? [])}
                keyOf={({ id }) => id}
                onOpen={({ id }) => go('asset', { id })}
                hasMore={query.hasNextPage}
                loadsMore={query.isFetchingNextPage}
                onMore={() => void query.fetchNextPage()}
                readAll={async () => (await query.readAll(mostPages)).flatMap((page) => page.assets?.nodes ?? [])}
                total={pages[0]?.assets?.totalCount ?? null}
                tools={
                  <Choice
                    aria-label={say('Order')}
                    className="w-auto max-w-full"
                    value={filters.order}
                    names={orders}
                    wordOf={(name) => say(orderNames[name])}
                    onChoose={(name) => void setFilters({ order: name })}
                  />
                }
                empty={
                  isFiltered ? (
                    <Empty icon="search" title={say('No asset matches')}>
                      <Button onClick={clear}>{say('Clear filters')}</Button>
                    </Empty>
                  ) : (
                    <Empty icon="boxes" title={say('The inventory is empty')}>
                      {sayWith('{start} from a file of your estate.', {
                        start: (
                          <Link to="discover" className="text-accent underline">
                            {say('Start a discovery')}
                          </Link>
                        ),
                      })}
                    </Empty>
                  )
                }
              />
            )}
          </Query>
        </div>
      </div>
    </>
  );
}

interface Filters {
  readonly q: string;
  readonly kind: readonly string[];
  readonly environment: readonly string[];
  readonly department: readonly string[];
  readonly criticality: readonly string[];
  readonly status: readonly string[];
  readonly tags: readonly string[];
}

function assetFilter(filters: Filters): AssetFilter {
  const list = (values: readonly string[]) => (values.length > 0 ? [...values] : null);
  return {
    search: filters.q.trim() || null,
    kind: list(filters.kind) as AssetFilter['kind'],
    environment: list(filters.environment),
    department: list(filters.department),
    criticality: list(filters.criticality) as AssetFilter['criticality'],
    status: list(filters.status) as AssetFilter['status'],
    tags: list(filters.tags),
  };
}
