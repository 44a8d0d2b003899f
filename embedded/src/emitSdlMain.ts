import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSigningKey } from '@tributary/auth';
import { Database } from '@tributary/data';
import { InProcessBus } from '@tributary/events';
import { createLogger } from '@tributary/observability';
import { DiskUploadStore } from '@tributary/subgraph-flow';
import { composeSubgraphs, embeddedSubgraphs, tablesOf } from './composeSubgraphs.js';

/** Writes each subgraph's SDL to the folder that the first argument names. Connects to nothing. */
const [, , folder = 'schema/subgraphs'] = process.argv;
const logger = createLogger({ name: 'schema', level: 'warn' });
const definitions = embeddedSubgraphs({
  signingKey: generateSigningKey().privateKeyPem,
  uploads: new DiskUploadStore(folder),
});
const database = await Database.open({
  url: 'postgres://nobody@127.0.0.1:1/none',
  entities: tablesOf(definitions),
  logger,
});
const bus = new InProcessBus();
const composed = composeSubgraphs({ database, bus, logger, definitions });
mkdirSync(folder, { recursive: true });
for (const subgraph of composed.subgraphs)
  writeFileSync(join(folder, `${subgraph.name}.graphql`), `${(await subgraph.load()).sdl.trim()}\n`);
await composed.close();
await database.close();
