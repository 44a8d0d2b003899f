// How fast found assets become rows of the inventory: chunks of 2,000 through the inventory command, first as new, then as unchanged,
// then with a changed field, by one caller and by two. Runs on a durable PostgreSQL of its own. Arguments: number of assets (100000).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inventoryCommand } from '@tributary/contracts/commands';
import type { FoundAsset, InventoryOutcome } from '@tributary/contracts/commands';
import { Database, migrate, roleUrl } from '@tributary/data';
import { InProcessBus } from '@tributary/events';
import { Deadline, newUuid } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { RequestContext } from '@tributary/kernel';
import { installJobs, migrations } from '@tributary/migrations';
import { createLogger } from '@tributary/observability';
import { EmbeddedPostgres } from '@tributary/postgres';
import type { Subgraph, SubgraphDeps } from '@tributary/server';
import { assetSubgraph } from '@tributary/subgraph-asset';

const chunkSize = 2_000;
const total = Number(process.argv[2] ?? 100_000);
const passwords = { migrator: 'bench', app: 'bench', worker: 'bench' };
const logger = createLogger({ name: 'bench', level: 'warn' });

const dataDirectory = mkdtempSync(path.join(tmpdir(), 'tributary-bench-'));
const postgres = await EmbeddedPostgres.start({ dataDirectory });
try {
  await migrate({ adminUrl: postgres.url(), migrations, installJobs, passwords });
  for (const callers of [1, 2]) await measure(callers);
} finally {
  await postgres.destroy();
  rmSync(dataDirectory, { recursive: true, force: true });
}

async function measure(callers: number): Promise<void> {
  await using database = await Database.open({
    url: roleUrl(postgres.url(), 'app', passwords.app),
    entities: assetSubgraph.tables,
    logger,
    poolSize: callers,
    statementTimeoutMs: 30_000,
  });
  await using subgraph = assetSubgraph.serve({
    database,
    logger,
    bus: new InProcessBus(),
  } as unknown as SubgraphDeps);
  const workspaceId = newUuid();
  const steps: [string, (asset: FoundAsset) => FoundAsset][] = [
    ['new', (asset) => asset],
    ['unchanged', (asset) => asset],
    [
      'changed',
      (asset) => ({ ...asset, operatingSystem: 'Ubuntu 24.04', attributes: { ...asset.attributes, cores: 64 } }),
    ],
  ];
  for (const [label, change] of steps) {
    const figures = await load(subgraph, workspaceId, callers, change);
    console.log(
      `${label.padEnd(10)} ${callers} caller${callers === 1 ? ' ' : 's'}  ${figures.perSecond.toFixed(0).padStart(7)} assets/s overall, ` +
        `median chunk of ${chunkSize} in ${figures.medianMs.toFixed(1)} ms  ${JSON.stringify(figures.outcome)}`,
    );
  }
}

interface Figures {
  perSecond: number;
  medianMs: number;
  outcome: InventoryOutcome;
}

async function load(
  subgraph: Subgraph,
  workspaceId: string,
  callers: number,
  change: (asset: FoundAsset) => FoundAsset,
): Promise<Figures> {
  const flowId = newUuid();
  const durations: number[] = [];
  const outcome = { created: 0, updated: 0, unchanged: 0 };
  let next = 0;
  const caller = async () => {
    while (next * chunkSize < total) {
      const chunk = next++;
      const assets = Array.from({ length: chunkSize }, (_, index) => change(foundAsset(chunk * chunkSize + index)));
      const started = performance.now();
      const done = (await subgraph.commands.run(
        'asset',
        inventoryCommand.name,
        { flowId, source: { key: 'bench', name: 'bench.csv' }, chunk, assets },
        context(workspaceId),
      )) as InventoryOutcome;
      durations.push(performance.now() - started);
      for (const key of ['created', 'updated', 'unchanged'] as const) outcome[key] += done[key];
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: callers }, caller));
  const seconds = (performance.now() - started) / 1_000;
  durations.sort((one, other) => one - other);
  return { perSecond: total / seconds, medianMs: durations[durations.length >> 1]!, outcome };
}

function context(workspaceId: string): RequestContext {
  return { principal: systemPrincipal(workspaceId, 'bench'), requestId: newUuid(), deadline: Deadline.in(60_000) };
}

/** Spread like a real export: names that share words, few departments, ids of the source in no order. */
function foundAsset(number: number): FoundAsset {
  const scattered = (number * 2_654_435_761) % 4_294_967_296;
  const name = `${['web', 'db', 'app', 'cache'][number % 4]}-${String(number).padStart(7, '0')}`;
  return {
    key: `external:${scattered.toString(36)}`,
    fallbackKey: `a1b2c3:external:${scattered.toString(36)}`,
    sourceShape: 'a1b2c3',
    kind: number % 3 === 0 ? 'SERVER' : 'VIRTUAL_MACHINE',
    name,
    scope: null,
    externalId: scattered.toString(36),
    status: number % 17 === 0 ? 'INACTIVE' : 'ACTIVE',
    environment: ['production', 'test', 'development'][number % 3]!,
    department: `Department ${scattered % 25}`,
    criticality: (['LOW', 'MEDIUM', 'HIGH', 'UNKNOWN'] as const)[scattered % 4]!,
    hostname: `${name}.acme.example`,
    ipAddress: `10.${scattered % 256}.${(number >> 8) % 256}.${number % 256}`,
    operatingSystem: 'Ubuntu 22.04',
    ownerEmail: `owner${scattered % 500}@acme.example`,
    tags: [],
    attributes: {
      rack: `R${scattered % 90}`,
      cores: 8,
      memoryMb: 16_384,
      site: `Site ${scattered % 40}`,
      vendor: 'Dell',
      model: 'R740',
    },
  };
}
