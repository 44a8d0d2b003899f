import { connectCommand, inventoryCommand, settleCommand } from '@tributary/contracts/commands';
import type {
  ConnectOutcome,
  FoundAsset,
  FoundDependency,
  InventoryOutcome,
  SettleOutcome,
} from '@tributary/contracts/commands';
import { dependencyKinds } from '@tributary/contracts/values';
import { encodeId } from '@tributary/contracts/ids';
import type { Principal } from '@tributary/contracts/principal';
import { newUuid } from '@tributary/kernel';
import { ask, startSubgraphWorld, systemRequest, type SubgraphWorld } from '@tributary/kit/world';
import { assetSubgraph } from '@tributary/subgraph-asset';

/** A database with the asset subgraph on it. */
export type AssetWorld = SubgraphWorld;

export const startAssetWorld = (): Promise<AssetWorld> => startSubgraphWorld(assetSubgraph);

/** A flow's discoveries: chunks are numbered by themselves. */
export interface Discovery {
  /** Public id. */
  readonly flowId: string;
  readonly uuid: string;
  find(assets: readonly (Partial<FoundAsset> & { name: string })[]): Promise<InventoryOutcome>;
  connect(dependencies: readonly (Partial<FoundDependency> & { from: string; to: string })[]): Promise<ConnectOutcome>;
  /** Takes back what the source no longer says. */
  settle(coverage?: 'PARTIAL' | 'COMPLETE', retireAfter?: number): Promise<SettleOutcome>;
}

/** A source of that name. */
export function speaker(name = 'servers.csv') {
  return { key: `shape\n\n${name}`, name };
}

export function discovery(
  world: AssetWorld,
  workspaceId: string,
  { uuid = newUuid(), source = speaker() }: { uuid?: string; source?: ReturnType<typeof speaker> } = {},
): Discovery {
  let chunk = 0;
  return {
    uuid,
    flowId: encodeId('flow', uuid),
    find: (assets) =>
      world.commands.call(
        inventoryCommand,
        { flowId: uuid, source, chunk: chunk++, assets: assets.map(found) },
        systemRequest(workspaceId),
      ),
    connect: (dependencies) =>
      world.commands.call(
        connectCommand,
        { flowId: uuid, source, chunk: chunk++, dependencies: dependencies.map(dependency) },
        systemRequest(workspaceId),
      ),
    async settle(coverage = 'PARTIAL', retireAfter = 3) {
      const sum = { ended: 0, missing: 0, retired: 0, shown: 0, notShown: 0 };
      for (let after: string | null = null; ;) {
        const outcome: SettleOutcome = await world.commands.call(
          settleCommand,
          { flowId: uuid, source, chunk: chunk++, kinds: [...dependencyKinds], coverage, retireAfter, after },
          systemRequest(workspaceId),
        );
        for (const count of Object.keys(sum) as (keyof typeof sum)[]) sum[count] += outcome[count];
        if (outcome.next === null) return { ...sum, next: null };
        after = outcome.next;
      }
    },
  };
}

/** A found asset with the given facts. */
export function found(facts: Partial<FoundAsset> & { name: string }): FoundAsset {
  return {
    key: `name:${facts.name.toLowerCase()}`,
    fallbackKey: null,
    sourceShape: 'shape',
    kind: 'SERVER',
    externalId: null,
    scope: null,
    status: 'ACTIVE',
    environment: null,
    department: null,
    criticality: 'UNKNOWN',
    hostname: null,
    ipAddress: null,
    operatingSystem: null,
    ownerEmail: null,
    tags: [],
    attributes: {},
    ...facts,
  };
}

export function dependency(facts: Partial<FoundDependency> & { from: string; to: string }): FoundDependency {
  return { kind: 'depends_on', relation: null, confidence: 0.9, createAs: null, ...facts };
}

const listQuery = `query ($filter: AssetFilter, $orderBy: AssetOrder! = NAME_ASC, $first: Int! = 50, $after: Cursor) {
  assets(filter: $filter, orderBy: $orderBy, first: $first, after: $after) { nodes { name } pageInfo { hasNextPage endCursor } }
}`;

/** Names of the assets of a list, over all its pages. */
export async function namesOf(
  world: AssetWorld,
  principal: Principal,
  variables: { filter?: Record<string, unknown>; orderBy?: string; first?: number } = {},
): Promise<string[]> {
  const names: string[] = [];
  for (let after: string | null = null; ;) {
    const { data, errors } = await ask(world, principal, listQuery, { ...variables, after });
    if (errors) throw new Error(JSON.stringify(errors));
    names.push(...(data.assets.nodes as { name: string }[]).map((node) => node.name));
    if (!data.assets.pageInfo.hasNextPage) return names;
    after = data.assets.pageInfo.endCursor as string;
  }
}

/** The one asset of that name, with the fields asked for. */
export async function assetNamed(
  world: AssetWorld,
  principal: Principal,
  name: string,
  fields = 'id version',
): Promise<any> {
  const { data, errors } = await ask(world, principal, `{ assets(first: 100) { nodes { name ${fields} } } }`);
  if (errors) throw new Error(JSON.stringify(errors));
  return (data.assets.nodes as { name: string }[]).find((node) => node.name === name);
}
