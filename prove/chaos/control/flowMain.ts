// The flow subgraph as a process of the control build: everything is the product's, but its streams. `npm run chaos -- --build control`
// starts it; nothing else can.
import { Keyring } from '@tributary/data/encryption';
import type { EventStreams } from '@tributary/events';
import { runAsProcess } from '@tributary/process';
import { readSubgraphConfig, runSubgraph } from '@tributary/server';
import { DiskUploadStore, flowSubgraph } from '@tributary/subgraph-flow';
import { BacklogThenPubSub } from './BacklogThenPubSub.ts';
import { publishingDatabase } from './publishPayloads.ts';

const product = flowSubgraph({ uploads: new DiskUploadStore(process.env['UPLOADS_DIRECTORY']!) });

await runAsProcess(() =>
  runSubgraph(
    {
      ...product,
      serve: (deps) =>
        product.serve({
          ...deps,
          database: publishingDatabase(deps.database, deps.bus),
          streams: new BacklogThenPubSub(deps.database, deps.bus) as unknown as EventStreams,
        }),
    },
    readSubgraphConfig(),
    { keyring: new Keyring(() => process.env['ENCRYPTION_KEYS']!) },
  ),
);
