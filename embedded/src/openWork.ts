import { parseGatewaySecrets } from '@tributary/auth';
import { HttpCommandClient } from '@tributary/commands';
import { deliverCommand } from '@tributary/contracts/commands';
import { Database } from '@tributary/data';
import { readAuditSigningKey } from '@tributary/data/audit';
import type { RelayBus } from '@tributary/events';
import type { WorkKind } from '@tributary/jobs';
import { createLogger } from '@tributary/observability';
import type { LogLevel } from '@tributary/observability';
import type { OutgoingSettings } from '@tributary/subgraph-delivery';
import { DiskUploadStore } from '@tributary/subgraph-flow';
import type { AlertOptions } from '@tributary/subgraph-alert';
import type { MetricsOptions } from '@tributary/subgraph-metrics';
import { platformSchedules, startWork } from '@tributary/worker';
import { composeSubgraphs, embeddedSubgraphs, tablesOf } from './composeSubgraphs.js';
import { openKeyring } from './encryptionKeys.js';
import type { EmbeddedSecrets } from './secrets.js';

/** What the worker says once it works. */
export const workerRuns = 'the worker runs';

/** What the first process of embedded mode tells its worker. */
export interface WorkerSettings {
  readonly appUrl: string;
  readonly workerUrl: string;
  readonly logLevel: LogLevel;
  readonly uploadsDirectory: string;
  readonly dataDirectory: string;
  readonly secrets: EmbeddedSecrets;
  readonly eventRetentionHours: number;
  /** How traces are rolled up, and how far back they reach. */
  readonly metrics: Required<Pick<MetricsOptions, 'rollup' | 'retention'>>;
  /** How rules are evaluated. */
  readonly alerts: AlertOptions;
  readonly outgoing: OutgoingSettings;
  /** Where the gateway is, and the secret of this start by which it knows this process. */
  readonly gateway: { readonly url: string; readonly secret: string };
}

/** Connections of each kind of work: two phases side by side, and a few small things at once. */
const poolSizes = { phases: 6, reactions: 6 };

/** One kind of work for all subgraphs in this process or thread, which reach each other by function calls. */
export async function openWork(
  kind: keyof typeof poolSizes,
  settings: WorkerSettings,
  bus: RelayBus,
): Promise<AsyncDisposable> {
  await using opened = new AsyncDisposableStack();
  const runs: readonly WorkKind[] = kind === 'reactions' ? ['reactions', 'delivery'] : [kind];
  const logger = createLogger({ name: 'worker', level: settings.logLevel });
  const definitions = embeddedSubgraphs({
    signingKey: settings.secrets.signingKey,
    uploads: new DiskUploadStore(settings.uploadsDirectory),
    metrics: settings.metrics,
    alerts: settings.alerts,
    outgoing: {
      ...settings.outgoing,
      own: [...(settings.outgoing.own ?? []), settings.appUrl, settings.workerUrl, settings.gateway.url],
    },
  });
  const database = opened.use(
    await Database.open({
      url: settings.appUrl,
      entities: tablesOf(definitions),
      logger,
      hints: bus,
      poolSize: poolSizes[kind],
      applicationName: `tributary-${kind}`,
      statementTimeoutMs: 30_000,
      keyring: openKeyring(settings.dataDirectory),
    }),
  );
  const composed = composeSubgraphs({ database, bus, logger, definitions });
  opened.defer(() => composed.close());
  const gateway = new HttpCommandClient({
    urls: { gateway: settings.gateway.url },
    secrets: parseGatewaySecrets(settings.gateway.secret),
  });
  composed.registry.register(deliverCommand, (input, context) => gateway.call(deliverCommand, input, context));
  opened.use(
    await startWork({
      runs,
      subgraphs: definitions,
      depsOf: composed.depsOf,
      platform: platformSchedules({
        database,
        logger,
        workerUrl: settings.workerUrl,
        auditKey: readAuditSigningKey(settings.secrets.auditSigningKey),
        eventRetentionHours: settings.eventRetentionHours,
        retention: settings.metrics.retention,
      }),
      workerUrl: settings.workerUrl,
      isOnly: true,
    }),
  );
  return opened.move();
}
