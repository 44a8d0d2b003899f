'use client';
import { lazy, Suspense, useMemo } from 'react';
import { MapAssets } from '../../graph/generated/operations';
import type { AssetFilter, MapAssetsQuery } from '../../graph/generated/types';
import { useGraph } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { Query } from '../../parts/Query';
import { Skeleton } from '../../ui/states';
import { label } from '../../words/format';
import { say } from '../../words/say';

const DependencyGraph = lazy(async () => ({ default: (await import('../../graphs/DependencyGraph')).DependencyGraph }));

/** The assets of a small group one by one, with what they need of each other. */
export function SingleAssets({ filter }: { readonly filter: AssetFilter }) {
  const query = useGraph(MapAssets, { filter });
  return <Query query={query}>{(data) => <Drawn data={data} />}</Query>;
}

function Drawn({ data }: { readonly data: MapAssetsQuery }) {
  const go = useGo();
  const { nodes, edges } = useMemo(() => {
    const assets = data.assets?.nodes ?? [];
    const here = new Set(assets.map(({ id }) => id));
    return {
      nodes: assets.map(({ id, name, kind, criticality }) => ({ id, name, about: label(kind), criticality })),
      edges: assets.flatMap(({ id, dependencies }) =>
        dependencies.nodes
          .filter(({ to }) => here.has(to.id))
          .map(({ kind, confidence, to }) => ({
            from: id,
            to: to.id,
            text: label(kind).toLowerCase(),
            confidence,
          })),
      ),
    };
  }, [data]);
  return (
    <>
      <div className="h-[36rem]">
        <Suspense fallback={<Skeleton className="m-4 h-96" />}>
          <DependencyGraph nodes={nodes} edges={edges} onOpen={(id) => go('asset', { id })} />
        </Suspense>
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-faint">
        {say('Dependencies within the group. A click goes on to the asset, and to all that it needs.')}
      </p>
    </>
  );
}
