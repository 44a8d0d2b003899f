'use client';
import { lazy, Suspense, useMemo } from 'react';
import { AssetNeighbours } from '../../graph/generated/operations';
import { useGraph } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { Query } from '../../parts/Query';
import { Empty, Skeleton } from '../../ui/states';
import { neighbourhoodOf } from './neighbourhoodOf';

const DependencyGraph = lazy(async () => ({ default: (await import('../../graphs/DependencyGraph')).DependencyGraph }));

/** The assets around this one, drawn. */
export function NeighbourhoodTab({ id }: { readonly id: string }) {
  const query = useGraph(AssetNeighbours, { id });
  return <Query query={query}>{(data) => <Drawn id={id} data={data} />}</Query>;
}

function Drawn({ id, data }: { readonly id: string; readonly data: Parameters<typeof neighbourhoodOf>[0] }) {
  const go = useGo();
  const { assets, edges, more } = useMemo(() => neighbourhoodOf(data), [data]);
  if (edges.length === 0) return <Empty icon="network" title="Nothing is known to depend on it, or it on anything" />;
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <div className="h-[28rem]">
        <Suspense fallback={<Skeleton className="m-4 h-96" />}>
          <DependencyGraph
            assets={assets}
            edges={edges}
            focus={id}
            onOpen={(next) => next !== id && go('asset', { id: next })}
          />
        </Suspense>
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-faint">
        An arrow points at what is needed; a dashed one is less sure. A click goes on to that asset.
        {more > 0 && ` ${more} more are not drawn.`}
      </p>
      <ul className="sr-only" aria-label="Dependencies">
        {edges.map(({ from, to, kind }) => (
          <li key={`${from} ${to} ${kind}`}>
            {assets.find((asset) => asset.id === from)?.name} {kind.toLowerCase().replaceAll('_', ' ')}{' '}
            {assets.find((asset) => asset.id === to)?.name}
          </li>
        ))}
      </ul>
    </div>
  );
}
