import { createAccessTokenIssuer } from '@tributary/auth';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import { EventStreams } from '@tributary/events';
import type { Bus } from '@tributary/events';
import type { Logger } from '@tributary/observability';
import type { Subgraph, SubgraphModule } from '@tributary/server';
import { alertModule } from '@tributary/subgraph-alert';
import { assetModule } from '@tributary/subgraph-asset';
import { flowSubgraph } from '@tributary/subgraph-flow';
import type { UploadStore } from '@tributary/subgraph-flow';
import { metricsModule } from '@tributary/subgraph-metrics';
import { workspaceSubgraph } from '@tributary/subgraph-workspace';
import { tokenNames } from './tokenNames.js';

export interface ComposeOptions {
  readonly database: Database;
  readonly bus: Bus;
  readonly logger: Logger;
  readonly modules: readonly SubgraphModule[];
}

export interface ModuleOptions {
  /** Signs access tokens: Ed25519, PKCS #8, PEM. */
  readonly signingKey: string;
  readonly uploads: UploadStore;
  /** How long events can be replayed. Default 168. */
  readonly eventRetentionHours?: number;
}

export interface ComposedSubgraphs {
  readonly subgraphs: readonly Subgraph[];
  /** Asks any of them by a function call. */
  readonly commands: CommandClient;
  close(): Promise<void>;
}

export function subgraphModules(options: ModuleOptions): SubgraphModule[] {
  const accessTokens = createAccessTokenIssuer({ privateKeyPem: options.signingKey, ...tokenNames });
  return [
    workspaceSubgraph({
      accessTokens,
      ...(options.eventRetentionHours ? { eventRetentionHours: options.eventRetentionHours } : {}),
    }),
    flowSubgraph({ uploads: options.uploads }),
    assetModule,
    metricsModule,
    alertModule,
  ];
}

/** All five subgraphs in this process, each reaching the others by function calls. Starts nothing in the background. */
export async function composeSubgraphs(options: ComposeOptions): Promise<ComposedSubgraphs> {
  const { database, bus, logger } = options;
  const streams = new EventStreams({ database, bus, logger });
  const registry = new CommandRegistry();
  const commands = new LocalCommandClient(registry);
  const subgraphs: Subgraph[] = [];
  for (const module of options.modules) {
    const subgraph = await module.create({
      database,
      bus,
      streams,
      commands,
      logger: logger.child({ subgraph: module.name }),
    });
    registry.include(subgraph.commands);
    subgraphs.push(subgraph);
  }
  return {
    subgraphs,
    commands,
    close: async () => {
      await Promise.all(subgraphs.map((subgraph) => subgraph.close()));
      await streams.close();
    },
  };
}
