import { Cache, readCacheConfig } from '@tributary/cache';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { Database } from '@tributary/data';
import type { Keyring } from '@tributary/data/encryption';
import { EventStreams, InProcessBus } from '@tributary/events';
import { createLogger } from '@tributary/observability';
import type { Subgraph, SubgraphDefinition, SubgraphDeps } from '@tributary/server';
import { giveRowsToWorkspaces } from './giveRowsToWorkspaces.js';
import { startTestDatabase, type TestDatabase } from '../servers/startTestDatabase.js';

export interface WorldOptions {
  /** Stand-ins for the other subgraphs: what they answer to commands. */
  readonly neighbours?: CommandRegistry;
  /** Of encrypted columns. */
  readonly keyring?: Keyring;
  /** How often streams look by themselves, hint or no hint. */
  readonly safetyPollMs?: number;
}

/** One subgraph as its declaration says, on a database of its own. What the others would say is up to the test. */
export interface SubgraphWorld extends SubgraphDeps, AsyncDisposable {
  readonly definition: SubgraphDefinition;
  readonly testDatabase: TestDatabase;
  readonly subgraph: Subgraph;
  /** Names of the statements that its answers sent, in order. */
  readonly statements: string[];
}

export async function startSubgraphWorld(
  definition: SubgraphDefinition,
  { neighbours = new CommandRegistry(), keyring, safetyPollMs }: WorldOptions = {},
): Promise<SubgraphWorld> {
  await using opened = new AsyncDisposableStack();
  const testDatabase = opened.use(await startTestDatabase());
  const logger = createLogger({ name: 'test', level: 'silent' });
  const statements: string[] = [];
  const bus = opened.adopt(new InProcessBus(), (open) => open.close());
  const database = opened.use(
    await Database.open({
      url: testDatabase.appUrl,
      entities: definition.tables,
      logger,
      hints: bus,
      onStatement: (name) => void statements.push(name),
      ...(keyring ? { keyring } : {}),
    }),
  );
  // The workspace subgraph makes the rows of its workspaces itself.
  if (definition.name !== 'workspace') opened.use(giveRowsToWorkspaces(database, testDatabase.superuserUrl));
  const streams = opened.adopt(new EventStreams({ database, bus, logger, safetyPollMs }), (open) => open.close());
  const cache = new Cache(readCacheConfig({}));
  const deps = { database, streams, bus, cache, commands: new LocalCommandClient(neighbours), logger };
  const subgraph = opened.adopt(definition.serve(deps), (open) => open.close());
  await subgraph.load();
  neighbours.include(subgraph.commands);
  const kept = opened.move();
  return {
    ...deps,
    definition,
    testDatabase,
    subgraph,
    statements,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
