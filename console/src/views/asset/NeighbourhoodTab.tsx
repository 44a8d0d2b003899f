'use client';
import { parseAsInteger, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { lazy, Suspense, useMemo } from 'react';
import { AssetNeighbours } from '../../graph/generated/operations';
import { useGraph } from '../../graph/useGraph';
import { useGo } from '../../host/navigation';
import { Query } from '../../parts/Query';
import { Choice, Select } from '../../ui/Field';
import { Empty, Skeleton } from '../../ui/states';
import { count } from '../../words/format';
import { neighbourhoodOf } from './neighbourhoodOf';
import { say } from '../../words/say';

const DependencyGraph = lazy(async () => ({ default: (await import('../../graphs/DependencyGraph')).DependencyGraph }));

const directions = ['BOTH', 'OUTGOING', 'INCOMING'] as const;
const directionNames = { BOTH: 'in both directions', OUTGOING: 'what it needs', INCOMING: 'what needs it' } as const;
const deepest = 5;

/** The assets around this one, drawn. */
export function NeighbourhoodTab({ id }: { readonly id: string }) {
  const [{ depth, direction }, set] = useQueryStates({
    depth: parseAsInteger.withDefault(1),
    direction: parseAsStringLiteral(directions).withDefault('BOTH'),
  });
  const steps = Math.min(deepest, Math.max(1, depth));
  const query = useGraph(AssetNeighbours, { id, depth: steps, direction });
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-2 border-b border-line px-3 py-1.5 text-sm">
        <Select
          aria-label={say('How far')}
          className="w-48"
          value={steps}
          onChange={(event) => void set({ depth: Number(event.target.value) })}
        >
          {Array.from({ length: deepest }, (_, index) => (
            <option key={index} value={index + 1}>
              {index === 0 ? say('1 dependency far') : say('{index} dependencies far', { index: index + 1 })}
            </option>
          ))}
        </Select>
        <Choice
          aria-label={say('Direction')}
          className="w-48"
          value={direction}
          names={directions}
          wordOf={(name) => say(directionNames[name])}
          onChoose={(name) => void set({ direction: name })}
        />
        {query.data?.asset && (
          <span className="nums ml-auto text-xs text-faint">
            {say('{nodes} assets, {edges} dependencies', {
              nodes: count(query.data.asset.neighbourhood.nodes.length),
              edges: count(query.data.asset.neighbourhood.edges.length),
            })}
          </span>
        )}
      </div>
      <Query query={query}>{(data) => <Drawn id={id} data={data} />}</Query>
    </div>
  );
}

function Drawn({ id, data }: { readonly id: string; readonly data: Parameters<typeof neighbourhoodOf>[0] }) {
  const go = useGo();
  const around = useMemo(() => neighbourhoodOf(data), [data]);
  if (!around || around.edges.length === 0)
    return (
      <Empty icon="network" title={say('Nothing is known to depend on it, or it on anything')}>
        {say(
          'Dependencies come with sources that name them: a column such as “host” or “depends on”, or a list of connections.',
        )}
      </Empty>
    );
  const { drawn, edges, truncated } = around;
  const names = new Map(drawn.map(({ id: each, name }) => [each, name]));
  return (
    <>
      <div className="h-[28rem]">
        <Suspense fallback={<Skeleton className="m-4 h-96" />}>
          <DependencyGraph
            nodes={drawn}
            edges={edges}
            focus={id}
            onOpen={(next) => next !== id && go('asset', { id: next })}
          />
        </Suspense>
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-faint">
        {say('An arrow points at what is needed; a dashed one is less sure. A click goes on to that asset.')}
        {truncated && ' ' + say('There is more than is drawn: the nearest come first.')}
      </p>
      <ul className="sr-only" aria-label={say('Dependencies')}>
        {edges.map(({ from, to, text }) => (
          <li key={`${from} ${to} ${text}`}>
            {names.get(from)} {text} {names.get(to)}
          </li>
        ))}
      </ul>
    </>
  );
}
