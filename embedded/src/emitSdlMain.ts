import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateSigningKey } from '@tributary/auth';
import { Database } from '@tributary/data';
import { InProcessBus } from '@tributary/events';
import { createLogger } from '@tributary/observability';
import { DiskUploadStore } from '@tributary/subgraph-flow';
import { composeSubgraphs, subgraphModules } from './composeSubgraphs.js';

/** Writes each subgraph's SDL to the folder that the first argument names. Connects to nothing. */
const [, , folder = 'schema/subgraphs'] = process.argv;
const logger = createLogger({ name: 'schema', level: 'warn' });
const modules = subgraphModules({
  signingKey: generateSigningKey().privateKeyPem,
  uploads: new DiskUploadStore(folder),
});
const database = await Database.open({
  url: 'postgres://nobody@127.0.0.1:1/none',
  entities: modules.flatMap((module) => [...module.entities]),
  logger,
});
const bus = new InProcessBus();
const composed = await composeSubgraphs({ database, bus, logger, modules });
mkdirSync(folder, { recursive: true });
for (const subgraph of composed.subgraphs)
  writeFileSync(join(folder, `${subgraph.name}.graphql`), `${subgraph.sdl.trim()}\n`);
await composed.close();
await database.close();
