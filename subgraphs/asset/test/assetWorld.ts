import { parse, validate } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { connectCommand, inventoryCommand } from '@tributary/contracts/commands';
import { LocalCommandClient } from '@tributary/commands';
import type { CommandClient } from '@tributary/commands';
import type { ConnectOutcome, FoundAsset, FoundDependency, InventoryOutcome } from '@tributary/contracts/commands';
import { Database } from '@tributary/data';
import { EventStreams, InProcessBus } from '@tributary/events';
import { Deadline, newUuid } from '@tributary/kernel';
import { encodeId } from '@tributary/contracts/ids';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { Principal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import type { Role } from '@tributary/contracts/roles';
import { createLogger } from '@tributary/observability';
import type { Subgraph } from '@tributary/server';
import { assetSubgraph } from '@tributary/subgraph-asset';
import { startTestDatabase } from '@tributary/kit';
import type { TestDatabase } from '@tributary/kit';

/** A database with the asset subgraph on it. */
export interface AssetWorld extends AsyncDisposable {
  readonly database: Database;
  readonly databaseFacts: TestDatabase;
  readonly subgraph: Subgraph;
  readonly commands: CommandClient;
  /** Names of the statements that were sent, in order. */
  readonly statements: string[];
}

export async function startAssetWorld(): Promise<AssetWorld> {
  const databaseFacts = await startTestDatabase();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const statements: string[] = [];
  const database = await Database.open({
    url: databaseFacts.appUrl,
    entities: assetSubgraph.tables,
    logger,
    onStatement: (name) => void statements.push(name),
  });
  const bus = new InProcessBus();
  const streams = new EventStreams({ database, bus, logger });
  const nobody = {} as CommandClient;
  const subgraph = assetSubgraph.serve({ database, streams, bus, commands: nobody, logger });
  return {
    database,
    databaseFacts,
    subgraph,
    commands: new LocalCommandClient(subgraph.commands),
    statements,
    async [Symbol.asyncDispose]() {
      await subgraph.close();
      await streams.close();
      await bus.close();
      await database.close();
      await databaseFacts[Symbol.asyncDispose]();
    },
  };
}

export function person(workspaceId: string, role: Role = 'OPERATOR'): Principal {
  return { workspaceId, actor: { kind: 'user', id: newUuid() }, role, scopes: null };
}

export function keyWith(workspaceId: string, scopes: readonly string[]): Principal {
  return { workspaceId, actor: { kind: 'apiKey', id: newUuid() }, role: 'OPERATOR', scopes };
}

export function requestOf(principal: Principal): RequestContext {
  return { principal, requestId: newUuid(), deadline: Deadline.in(10_000) };
}

export function systemRequest(workspaceId: string): RequestContext {
  return requestOf(systemPrincipal(workspaceId, 'test'));
}

/** Runs an operation as the gateway would and answers its result. */
export async function ask(
  world: AssetWorld,
  principal: Principal,
  source: string,
  variables: Record<string, unknown> = {},
  // Results are looked into freely.
): Promise<ExecutionResult<any>> {
  const document = parse(source);
  const [fault] = validate(world.subgraph.schema, document);
  if (fault) throw fault;
  const result = await world.subgraph.execute({ document, variables, context: requestOf(principal) });
  return JSON.parse(JSON.stringify(result)) as ExecutionResult;
}

export function codesOf(result: ExecutionResult): unknown[] {
  return (result.errors ?? []).map((error) => error.extensions?.['code']);
}

/** A flow's discoveries: chunks are numbered by themselves. */
export interface Discovery {
  /** Public id. */
  readonly flowId: string;
  readonly uuid: string;
  find(assets: readonly (Partial<FoundAsset> & { name: string })[]): Promise<InventoryOutcome>;
  connect(dependencies: readonly (Partial<FoundDependency> & { from: string; to: string })[]): Promise<ConnectOutcome>;
}

export function discovery(world: AssetWorld, workspaceId: string, uuid = newUuid()): Discovery {
  let chunk = 0;
  return {
    uuid,
    flowId: encodeId('flow', uuid),
    find: (assets) =>
      world.commands.call(
        inventoryCommand,
        { flowId: uuid, chunk: chunk++, assets: assets.map(found) },
        systemRequest(workspaceId),
      ),
    connect: (dependencies) =>
      world.commands.call(
        connectCommand,
        { flowId: uuid, chunk: chunk++, dependencies: dependencies.map(dependency) },
        systemRequest(workspaceId),
      ),
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
  return { kind: 'depends_on', confidence: 0.9, createAs: null, ...facts };
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
