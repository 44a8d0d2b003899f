import { CommandRegistry } from '@tributary/commands';
import { assetFiguresCommand, connectCommand, inventoryCommand, settleCommand } from '@tributary/contracts/commands';
import { defineSubgraph } from '@tributary/server/declare';
import { AssetCatalogue } from './domain/AssetCatalogue.js';
import { AssetFigures } from './domain/AssetFigures.js';
import { AssetMap } from './domain/AssetMap.js';
import { Connections } from './domain/connect/Connections.js';
import { DependencyGraph } from './domain/DependencyGraph.js';
import { AssetEditing } from './domain/editing/AssetEditing.js';
import { Inventory } from './domain/inventory/Inventory.js';
import { Neighbourhoods } from './domain/Neighbourhoods.js';
import { Settlement } from './domain/settle/Settlement.js';
import { removeStoredCredentials } from './domain/removeStoredCredentials.js';
import { deleteOldChunks } from './domain/deleteOldChunks.js';
import { AssetRow } from './storage/AssetRow.js';

/** The inventory of what flows found: assets, what depends on what, and the commands by which flows write them. */
export const assetSubgraph = defineSubgraph({
  name: 'asset',
  tables: [AssetRow],
  services: ({ database }) => ({
    catalogue: new AssetCatalogue(database),
    graph: new DependencyGraph(database),
    editing: new AssetEditing(database),
    figures: new AssetFigures(database),
    map: new AssetMap(database),
    neighbourhoods: new Neighbourhoods(database),
    inventory: new Inventory(database),
    connections: new Connections(database),
    settlement: new Settlement(database),
  }),
  graphql: async () => (await import('./graphql/createSchema.js')).assetGraph,
  existing: { asset: ({ catalogue }, context, uuids) => catalogue.existing(context, uuids) },
  commands: ({ figures, inventory, connections, settlement }) =>
    new CommandRegistry()
      .register(assetFiguresCommand, (input, context) => figures.read(context, input))
      .register(inventoryCommand, (input, context) => inventory.record(context, input))
      .register(connectCommand, (input, context) => connections.record(context, input))
      .register(settleCommand, (input, context) => settlement.settle(context, input)),
  schedules: [
    {
      name: 'stored credentials',
      everyMs: 600_000,
      work:
        ({ database }) =>
        async () =>
          void (await removeStoredCredentials(database)),
    },
    {
      name: 'old chunks',
      everyMs: 3_600_000,
      work:
        ({ database }) =>
        async () =>
          void (await deleteOldChunks(database)),
    },
  ],
});
