import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommandRegistry } from '@tributary/commands';
import {
  connectCommand,
  inventoryCommand,
  recordTracesCommand,
  settleCommand,
  workspaceSettingsCommand,
} from '@tributary/contracts/commands';
import type { AgentTrace, FoundAsset, FoundDependency } from '@tributary/contracts/commands';
import type { Principal } from '@tributary/contracts/principal';
import { Database } from '@tributary/data';
import type { Keyring } from '@tributary/data/encryption';
import { JobWorker } from '@tributary/jobs';
import type { JobWorkerOptions } from '@tributary/jobs';
import { eventually, testKeyring } from '@tributary/kit';
import { startSubgraphWorld, tell, type SubgraphWorld } from '@tributary/kit/world';
import { DiskUploadStore, flowSubgraph } from '@tributary/subgraph-flow';
import type { FlowOptions, UploadStore } from '@tributary/subgraph-flow';

/** Stands for the asset, metrics and workspace subgraphs: keeps what it is handed. */
export class Neighbours {
  readonly assets = new Map<string, FoundAsset>();
  readonly dependencies = new Map<string, FoundDependency>();
  readonly traces = new Map<string, AgentTrace>();
  readonly settings: Record<string, unknown> = {};
  /** Calls that did something, and calls that came again. */
  readonly chunks: string[] = [];
  readonly repeated: string[] = [];
  /** Runs before a chunk is taken: tests hold it up or make it fail. */
  beforeChunk: (chunk: number, flowId: string) => Promise<void> = () => Promise.resolve();
  private readonly outcomes = new Map<string, unknown>();

  registry(): CommandRegistry {
    return new CommandRegistry()
      .register(inventoryCommand, async ({ flowId, chunk, assets }, { principal }) => {
        await this.beforeChunk(chunk, flowId);
        return this.once(`${flowId}/${chunk}`, () => {
          let created = 0;
          for (const asset of assets) {
            const key = `${principal.workspaceId}/${asset.key}`;
            if (!this.assets.has(key)) created += 1;
            this.assets.set(key, asset);
          }
          return { created, updated: assets.length - created, unchanged: 0 };
        });
      })
      .register(connectCommand, async ({ flowId, chunk, dependencies }) => {
        await this.beforeChunk(chunk, flowId);
        return this.once(`${flowId}/${chunk}`, () => {
          for (const dependency of dependencies)
            this.dependencies.set(`${dependency.from}→${dependency.to}`, dependency);
          return { found: dependencies.length, created: dependencies.length, unresolved: 0 };
        });
      })
      .register(settleCommand, async () => ({ ended: 0, missing: 0, retired: 0, shown: 0, notShown: 0, next: null }))
      .register(recordTracesCommand, async ({ traces }) => {
        for (const trace of traces) this.traces.set(trace.externalId, trace);
        return { accepted: traces.length };
      })
      .register(workspaceSettingsCommand, async () => this.settings);
  }

  private once<Outcome>(key: string, work: () => Outcome): Outcome {
    if (this.outcomes.has(key)) {
      this.repeated.push(key);
      return this.outcomes.get(key) as Outcome;
    }
    const outcome = work();
    this.chunks.push(key);
    this.outcomes.set(key, outcome);
    return outcome;
  }
}

export interface FlowWorld extends SubgraphWorld {
  readonly neighbours: Neighbours;
  readonly uploads: UploadStore;
  readonly uploadsFolder: string;
  startWorker(options?: Partial<JobWorkerOptions> & Pick<FlowOptions, 'retryWaitsMs'>): Promise<JobWorker>;
}

/** The flow subgraph on a database of its own, with a folder for uploads and stand-ins for its neighbours. No worker runs yet. */
export async function startFlowWorld({
  keyring = testKeyring(),
  ...options
}: Partial<FlowOptions> & { keyring?: Keyring } = {}): Promise<FlowWorld> {
  const uploadsFolder = await mkdtemp(join(tmpdir(), 'tributary-uploads-'));
  const uploads = new DiskUploadStore(uploadsFolder);
  const neighbours = new Neighbours();
  const world = await startSubgraphWorld(flowSubgraph({ uploads, ...options }), {
    neighbours: neighbours.registry(),
    keyring,
    safetyPollMs: 200,
  });
  const { testDatabase, bus, logger, definition } = world;
  // Statements of workers are not counted, and may take longer.
  const working = await Database.open({
    url: testDatabase.appUrl,
    entities: definition.tables,
    logger,
    keyring,
    hints: bus,
    statementTimeoutMs: 30_000,
  });
  const workers: JobWorker[] = [];
  return {
    ...world,
    neighbours,
    uploads,
    uploadsFolder,
    async startWorker({ retryWaitsMs = [10, 20], ...given } = {}) {
      const { jobs } = flowSubgraph({ uploads, retryWaitsMs }).background({ ...world, database: working });
      const worker = new JobWorker({ jobs, logger, workerUrl: testDatabase.workerUrl, ...given });
      workers.push(worker);
      await worker.start();
      return worker;
    },
    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker.stop();
      await working.close();
      await world[Symbol.asyncDispose]();
      await rm(uploadsFolder, { recursive: true, force: true });
    },
  };
}

export const start = `mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id status version } } }`;

/** Starts a discovery of inline content and answers the flow's id. */
export async function discover(
  world: FlowWorld,
  principal: Principal,
  content: string,
  input: Record<string, unknown> = {},
): Promise<string> {
  const given = { name: 'A discovery', source: { name: 'servers.csv', format: 'CSV', content }, ...input };
  return (await tell(world, principal, start, { input: given })).startDiscovery.flow.id;
}

export const standing = `query ($id: ID!) { flow(id: $id) {
  id kind name status progress version startedAt finishedAt
  currentPhase { name status }
  phases { name title status progress attempts startedAt finishedAt summary }
  failure { code message phase retryable }
  discovery { sourceName sourceFormat rowsTotal rowsValid rowsRejected assetsCreated assetsUpdated dependenciesFound
    fieldMappings { sourceField targetField confidence status reason }
    rejectedRows(first: 100) { totalCount nodes { line code message raw } } }
} }`;

export async function flowOf(world: FlowWorld, principal: Principal, id: string): Promise<any> {
  return (await tell(world, principal, standing, { id })).flow;
}

/** Waits until the flow has one of the states, and answers it. */
export async function until(world: FlowWorld, principal: Principal, id: string, ...states: string[]) {
  return eventually(
    async () => {
      const flow = await flowOf(world, principal, id);
      if (!states.includes(flow.status))
        throw new Error(`The flow is ${flow.status} at ${flow.currentPhase?.name}: ${JSON.stringify(flow.failure)}`);
      return flow;
    },
    { timeoutMs: 20_000, intervalMs: 50 },
  );
}

/** Types of a flow's own events, in order. */
export async function eventTypes(world: FlowWorld, principal: Principal, id: string): Promise<string[]> {
  const { flow } = await tell(
    world,
    principal,
    `query ($id: ID!) { flow(id: $id) { events(first: 100) { nodes { sequence type phase } } } }`,
    { id },
  );
  const nodes = flow.events.nodes as { sequence: number; type: string; phase: string | null }[];
  nodes.forEach((event, index) => {
    if (event.sequence !== index + 1) throw new Error(`Event ${index + 1} has sequence ${event.sequence}.`);
  });
  return nodes.map((event) => (event.phase === null ? event.type : `${event.type} ${event.phase}`));
}
