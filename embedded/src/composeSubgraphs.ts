import { createAccessTokenIssuer } from '@tributary/auth';
import { Cache, readCacheConfig, type CacheConfig } from '@tributary/cache';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import { EventStreams } from '@tributary/events';
import type { Bus } from '@tributary/events';
import type { Logger } from '@tributary/observability';
import type { Subgraph, SubgraphDefinition, SubgraphDeps } from '@tributary/server';
import type { OutgoingSettings } from '@tributary/subgraph-delivery';
import type { UploadStore } from '@tributary/subgraph-flow';
import type { AlertOptions } from '@tributary/subgraph-alert';
import type { MetricsOptions } from '@tributary/subgraph-metrics';
import type { WorkspaceOptions } from '@tributary/subgraph-workspace';
import { allSubgraphs } from '@tributary/worker';
import { tokenNames } from './tokenNames.js';

export interface ComposeOptions {
  readonly database: Database;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly definitions: readonly SubgraphDefinition[];
  /** What is remembered of answers. Default: what the settings say by themselves. */
  readonly cache?: CacheConfig;
}

export interface ComposedSubgraphs {
  readonly subgraphs: readonly Subgraph[];
  /** Asks any of them by a function call. */
  readonly commands: CommandClient;
  /** What they answer: the gateway's own commands are added to it. */
  readonly registry: CommandRegistry;
  /** What each was given. */
  readonly depsOf: (definition: SubgraphDefinition) => SubgraphDeps;
  close(): Promise<void>;
}

export interface EmbeddedSubgraphOptions {
  /** Signs access tokens: Ed25519, PKCS #8, PEM. */
  readonly signingKey: string;
  readonly uploads: UploadStore;
  /** Whether demo people may sign in. Default true. */
  readonly demoPeople?: boolean;
  readonly metrics?: MetricsOptions;
  /** How rules are evaluated, where this process works. */
  readonly alerts?: AlertOptions;
  /** What is stored at the gateway, at each call as it is then. Default: nothing. */
  readonly storedOperations?: WorkspaceOptions['storedOperations'];
  /** Default: to public addresses. */
  readonly outgoing?: OutgoingSettings;
}

export function embeddedSubgraphs({
  signingKey,
  uploads,
  demoPeople = true,
  metrics = {},
  alerts = {},
  storedOperations = () => [],
  outgoing,
}: EmbeddedSubgraphOptions): readonly SubgraphDefinition[] {
  const accessTokens = createAccessTokenIssuer({ privateKeyPem: signingKey, ...tokenNames });
  const shared = { accessTokens, uploads, demoPeople, metrics, alerts, storedOperations, isEmbedded: true };
  return allSubgraphs({ ...shared, ...(outgoing ? { outgoing } : {}) });
}

/** The tables of all of them, for one Database. */
export function tablesOf(definitions: readonly SubgraphDefinition[]): readonly Function[] {
  return definitions.flatMap((definition) => [...definition.tables]);
}

/** All subgraphs in this process, each reaching the others by function calls. What they do behind the scenes runs elsewhere. */
export function composeSubgraphs(options: ComposeOptions): ComposedSubgraphs {
  const { database, bus, logger, definitions } = options;
  const cache = new Cache(options.cache ?? readCacheConfig({}));
  const streams = new EventStreams({ database, bus, logger });
  const registry = new CommandRegistry();
  const commands = new LocalCommandClient(registry);
  const depsOf = ({ name }: SubgraphDefinition): SubgraphDeps => ({
    database,
    bus,
    cache,
    streams,
    commands,
    logger: logger.child({ subgraph: name }),
  });
  const subgraphs = definitions.map((definition) => definition.serve(depsOf(definition)));
  for (const subgraph of subgraphs) registry.include(subgraph.commands);
  return {
    subgraphs,
    commands,
    registry,
    depsOf,
    close: async () => {
      await Promise.all(subgraphs.map((subgraph) => subgraph.close()));
      await streams.close();
    },
  };
}
