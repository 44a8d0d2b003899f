import { CommandRegistry } from '@tributary/commands';
import { connectCommand, existingCommand, inventoryCommand } from '@tributary/contracts/commands';
import { Subgraph, Sweeper } from '@tributary/server';
import type { SubgraphDeps, SubgraphModule } from '@tributary/server';
import { AssetCatalogue } from './domain/AssetCatalogue.js';
import { Connections } from './domain/connect/Connections.js';
import { DependencyGraph } from './domain/DependencyGraph.js';
import { AssetEditing } from './domain/editing/AssetEditing.js';
import { Inventory } from './domain/inventory/Inventory.js';
import { deleteOldChunks } from './domain/deleteOldChunks.js';
import { buildAssetSchema } from './graphql/buildAssetSchema.js';
import { AssetRow } from './storage/AssetRow.js';

/** The inventory of what flows found: assets, what depends on what, and the commands by which flows write them. */
export const assetModule: SubgraphModule = {
  name: 'asset',
  entities: [AssetRow],
  async create({ database, logger }: SubgraphDeps): Promise<Subgraph> {
    const catalogue = new AssetCatalogue(database);
    const graph = new DependencyGraph(database);
    const editing = new AssetEditing(database);
    const inventory = new Inventory(database);
    const connections = new Connections(database);
    const commands = new CommandRegistry()
      .register(inventoryCommand, (input, context) => inventory.record(context, input))
      .register(connectCommand, (input, context) => connections.record(context, input))
      .register(existingCommand.asset, ({ ids }, context) => catalogue.existing(context, ids));
    const graphql = buildAssetSchema({ catalogue, graph, editing });
    const background = [
      new Sweeper('old chunks', 3_600_000, async () => void (await deleteOldChunks(database)), logger),
    ];
    return new Subgraph({ name: 'asset', graphql, commands, background }, logger);
  },
};
