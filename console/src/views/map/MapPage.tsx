'use client';
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from 'nuqs';
import { lazy, Suspense, useMemo } from 'react';
import { AssetMap } from '../../graph/generated/operations';
import type { AssetDimension, AssetFilter } from '../../graph/generated/types';
import { useGraph } from '../../graph/useGraph';
import { Link, useGo } from '../../host/navigation';
import { PageHeader } from '../../parts/PageHeader';
import { Query } from '../../parts/Query';
import { Button } from '../../ui/Button';
import { Choice, Field } from '../../ui/Field';
import { Empty, Skeleton } from '../../ui/states';
import { count, label } from '../../words/format';
import { say, sayWith } from '../../words/say';
import { groupsOf, valueName, type Dimension } from './groupsOf';
import { SingleAssets } from './SingleAssets';

const DependencyGraph = lazy(async () => ({ default: (await import('../../graphs/DependencyGraph')).DependencyGraph }));

const dimensions = [
  'kind',
  'environment',
  'department',
  'criticality',
  'status',
] as const satisfies readonly Dimension[];
/** As many assets are drawn one by one. */
const fewAssets = 100;
const many = parseAsArrayOf(parseAsString);

/** The estate from above: groups first, and what is in one when it is opened. */
export function MapPage() {
  const go = useGo();
  const [state, set] = useQueryStates(
    {
      by: parseAsStringLiteral(dimensions).withDefault('kind'),
      and: parseAsStringLiteral([...dimensions, 'none'] as const).withDefault('environment'),
      kind: many,
      environment: many,
      department: many,
      criticality: many,
      status: many,
    },
    { history: 'push' },
  );
  const groupBy: readonly Dimension[] =
    state.and === 'none' || state.and === state.by ? [state.by] : [state.by, state.and];
  const chosen = dimensions.filter((name) => state[name] !== null);
  const filter = useMemo<AssetFilter>(
    () => Object.fromEntries(dimensions.flatMap((name) => (state[name] ? [[name, state[name]]] : []))),
    [state],
  );
  const query = useGraph(AssetMap, {
    groupBy: groupBy.map((name) => name.toUpperCase() as AssetDimension),
    filter,
  });
  const open = (key: readonly (string | null)[]) => {
    const narrowed = groupBy.map((name, index) => [name, key[index] ?? null] as const);
    if (narrowed.every(([name, value]) => value === null || state[name]?.length === 1)) return;
    const taken = new Set<string>([...groupBy, ...chosen]);
    const [by = 'criticality', and = 'none'] = dimensions.filter((name) => !taken.has(name));
    void set({
      ...Object.fromEntries(narrowed.flatMap(([name, value]) => (value === null ? [] : [[name, [value]]]))),
      by,
      and,
    });
  };
  return (
    <>
      <PageHeader
        title={say('Map')}
        about={say('The whole estate in groups, and what leads from one to another. A click on a group goes into it.')}
      />
      <div className="mb-4 flex flex-wrap items-end gap-3">
        <div className="w-40">
          <Field label={say('Groups by')}>
            {({ id }) => (
              <Choice
                id={id}
                value={state.by}
                names={dimensions}
                wordOf={label}
                onChoose={(name) => void set({ by: name })}
              />
            )}
          </Field>
        </div>
        <div className="w-40">
          <Field label={say('and by')}>
            {({ id }) => (
              <Choice
                id={id}
                value={state.and}
                names={['none', ...dimensions]}
                wordOf={(name) => (name === 'none' ? say('nothing more') : label(name))}
                onChoose={(name) => void set({ and: name })}
              />
            )}
          </Field>
        </div>
        {chosen.map((name) => (
          <Button
            key={name}
            icon="x"
            onClick={() => void set({ [name]: null })}
            aria-label={say('Remove the filter {name}', { name: label(name) })}
          >
            {label(name)}: {(state[name] ?? []).map((value) => valueName(name, value)).join(', ')}
          </Button>
        ))}
      </div>
      <Query query={query}>
        {(data) => {
          const total = (data.assetMap?.groups ?? []).reduce((sum, group) => sum + group.count, 0);
          if (total === 0)
            return chosen.length > 0 ? (
              <Empty icon="search" title={say('No asset is in this group any more')}>
                <Button onClick={() => go('map')}>{say('Show the whole estate')}</Button>
              </Empty>
            ) : (
              <Empty icon="network" title={say('There is nothing to draw yet')}>
                {sayWith('{start} from a file of your estate.', {
                  start: (
                    <Link to="discover" className="text-accent underline">
                      {say('Start a discovery')}
                    </Link>
                  ),
                })}
              </Empty>
            );
          return (
            <div className="overflow-hidden rounded-lg border border-line bg-surface">
              <div className="flex flex-wrap items-center gap-2 border-b border-line px-4 py-2 text-sm">
                <span className="nums">{say('{total} assets', { total: count(total) })}</span>
                <Link
                  to="assets"
                  search={Object.fromEntries(chosen.map((name) => [name, (state[name] ?? []).join(',')]))}
                  className="ml-auto text-accent underline"
                >
                  {say('As a list')}
                </Link>
              </div>
              {chosen.length > 0 && total <= fewAssets ? (
                <SingleAssets filter={filter} />
              ) : (
                <Groups data={data} groupBy={groupBy} onOpen={open} />
              )}
            </div>
          );
        }}
      </Query>
    </>
  );
}

interface GroupsProps {
  readonly data: Parameters<typeof groupsOf>[0];
  readonly groupBy: readonly Dimension[];
  readonly onOpen: (key: readonly (string | null)[]) => void;
}

function Groups({ data, groupBy, onOpen }: GroupsProps) {
  const { nodes, edges, keys, leftOut } = groupsOf(data, groupBy);
  return (
    <>
      <div className="h-[36rem]">
        <Suspense fallback={<Skeleton className="m-4 h-96" />}>
          <DependencyGraph nodes={nodes} edges={edges} onOpen={(id) => onOpen(keys.get(id) ?? [])} />
        </Suspense>
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-faint">
        {say('An arrow points at the group whose assets are needed; the number says how many dependencies there are.')}
        {leftOut > 0 &&
          ' ' + say('{leftOut} small groups are left out: go into a group to see them.', { leftOut: count(leftOut) })}
        {data.assetMap?.links === null &&
          ' ' + say('There are more than a million dependencies: too many to count them by group.')}
      </p>
      <ul className="sr-only" aria-label={say('Groups')}>
        {nodes.map(({ id, name, about }) => (
          <li key={id}>
            {name}: {about}
          </li>
        ))}
      </ul>
    </>
  );
}
