import { once } from 'node:events';
import { Database } from '@tributary/data';
import { AuditCheckpointWriter, readAuditSigningKey } from '@tributary/data/audit';
import { createLogger, type LogLevel } from '@tributary/observability';
import { createFlowWorker, DiskUploadStore } from '@tributary/subgraph-flow';
import { composeSubgraphs, subgraphModules } from './composeSubgraphs.js';
import { openKeyring } from './encryptionKeys.js';
import { RelayBus } from './RelayBus.js';
import type { EmbeddedSecrets } from './secrets.js';

/** What the first process of embedded mode tells its worker. */
export interface WorkerSettings {
  readonly appUrl: string;
  readonly workerUrl: string;
  readonly logLevel: LogLevel;
  readonly uploadsDirectory: string;
  readonly dataDirectory: string;
  readonly secrets: EmbeddedSecrets;
}

/** Jobs of one phase each that run side by side. */
const concurrency = 2;

const [settings] = (await once(process, 'message')) as [WorkerSettings];
const logger = createLogger({ name: 'worker', level: settings.logLevel });
const bus = new RelayBus((hint) => {
  if (process.connected) process.send?.(hint);
});
const uploads = new DiskUploadStore(settings.uploadsDirectory);
const modules = subgraphModules({ signingKey: settings.secrets.signingKey, uploads });
const database = await Database.open({
  url: settings.appUrl,
  entities: modules.flatMap((module) => [...module.entities]),
  logger,
  hints: bus,
  poolSize: 6,
  applicationName: 'tributary-worker',
  statementTimeoutMs: 30_000,
  keyring: openKeyring(settings.dataDirectory),
});
const parts = await composeSubgraphs({ database, bus, logger, modules });
const worker = await createFlowWorker({
  database,
  commands: parts.commands,
  workerUrl: settings.workerUrl,
  uploads,
  logger,
  concurrency,
  isOnly: true,
});
await worker.start();
const checkpoints = new AuditCheckpointWriter({
  workerUrl: settings.workerUrl,
  key: readAuditSigningKey(settings.secrets.auditSigningKey),
  everyMs: 60_000,
  logger,
});
checkpoints.start();

let stopping = false;
async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  await worker.stop();
  await checkpoints.close();
  await parts.close();
  await database.close();
  process.exit(0);
}

process.on('SIGTERM', () => void stop());
// Ctrl-C reaches the whole group; the first process decides when this one ends.
process.on('SIGINT', () => undefined);
// The first process is gone, however it went: nothing would restart or stop this one.
process.on('disconnect', () => void stop());
