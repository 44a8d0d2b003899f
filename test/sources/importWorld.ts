import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'graphql';
import { Cache, readCacheConfig } from '@tributary/cache';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { recordTracesCommand, uploadCommand, workspaceSettingsCommand } from '@tributary/contracts/commands';
import type { Principal } from '@tributary/contracts/principal';
import { Database } from '@tributary/data';
import { EventStreams, InProcessBus } from '@tributary/events';
import { JobWorker } from '@tributary/jobs';
import { Deadline, newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import { eventually, startTestDatabase, testKeyring } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';
import { createLogger } from '@tributary/observability';
import type { Subgraph } from '@tributary/server';
import { assetSubgraph } from '@tributary/subgraph-asset';
import { DiskUploadStore, flowSubgraph } from '@tributary/subgraph-flow';

export interface ImportInput {
  /** The file's name. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly format: string;
  readonly sheet?: string;
  readonly encoding?: string;
  readonly coverage?: 'PARTIAL' | 'COMPLETE';
}

/** What became of an import. */
export interface ImportOutcome {
  readonly flowId: string;
  readonly status: string;
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly discovery: Record<string, any>;
  /** Assets that this flow was the last to see, ends of edges included, by name. */
  readonly assets: readonly Record<string, any>[];
  readonly totalCount: number;
}

/** Discoveries from their bytes to the inventory: the flow's and the asset subgraph on one database, and a worker. */
export interface ImportWorld extends AsyncDisposable {
  /** Bypasses row-level security. */
  readonly superuserUrl: string;
  /** Does once what both subgraphs do again and again under that name. */
  runSchedule(name: string): Promise<void>;
  /** The owner of a new workspace, who sees personal data. */
  newPrincipal(): Principal;
  import(principal: Principal, input: ImportInput): Promise<ImportOutcome>;
  ask(part: 'flow' | 'asset', principal: Principal, source: string, variables?: Record<string, unknown>): Promise<any>;
}

const ended = new Set(['SUCCEEDED', 'FAILED', 'AWAITING_APPROVAL', 'CANCELLED']);

export async function startImportWorld(): Promise<ImportWorld> {
  const facts = await startTestDatabase();
  const logger = createLogger({ name: 'test', level: 'silent' });
  const folder = await mkdtemp(join(tmpdir(), 'tributary-uploads-'));
  const flow = flowSubgraph({ uploads: new DiskUploadStore(folder) });
  const bus = new InProcessBus();
  const database = await Database.open({
    url: facts.appUrl,
    entities: [...flow.tables, ...assetSubgraph.tables],
    logger,
    keyring: testKeyring(),
    hints: bus,
    statementTimeoutMs: 30_000,
  });
  const rows = giveRowsToWorkspaces(database, facts.superuserUrl);
  const registry = new CommandRegistry()
    .register(recordTracesCommand, async ({ traces }) => ({ accepted: traces.length }))
    .register(workspaceSettingsCommand, async () => ({}));
  const commands = new LocalCommandClient(registry);
  const streams = new EventStreams({ database, bus, logger, safetyPollMs: 200 });
  const deps = { database, streams, bus, cache: new Cache(readCacheConfig({})), commands, logger };
  const parts: Record<'flow' | 'asset', Subgraph> = { flow: flow.serve(deps), asset: assetSubgraph.serve(deps) };
  registry.include(parts.flow.commands);
  registry.include(parts.asset.commands);
  const background = [assetSubgraph.background(deps), flow.background(deps)];
  const jobs = background.flatMap((each) => each.jobs);
  const worker = new JobWorker({ jobs, logger, workerUrl: facts.workerUrl, concurrency: 1 });
  await worker.start();

  const ask: ImportWorld['ask'] = async (part, principal, source, variables = {}) => {
    const result = await parts[part].execute({ document: parse(source), variables, context: requestOf(principal) });
    const { data, errors } = JSON.parse(JSON.stringify(result)) as { data?: unknown; errors?: unknown };
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  };

  return {
    ask,
    superuserUrl: facts.superuserUrl,
    async runSchedule(name) {
      for (const { schedules } of background)
        for (const schedule of schedules) if (schedule.name === name) await schedule.run();
    },
    newPrincipal: () => ({
      workspaceId: newUuid(),
      actor: { kind: 'user', id: newUuid() },
      role: 'OWNER',
      scopes: null,
    }),
    async import(principal, { file, bytes, ...written }) {
      const { uploadId } = await commands.stream(
        uploadCommand,
        { name: file },
        Readable.from([Buffer.from(bytes)]),
        requestOf(principal),
      );
      const input = { name: file, source: { name: file, ...written, uploadId } };
      const started = await ask('flow', principal, startDiscovery, { input });
      const flowId: string = started.startDiscovery.flow.id;
      const { flow } = await eventually(
        async () => {
          const found = await ask('flow', principal, flowQuery, { id: flowId });
          if (!ended.has(found.flow.status)) throw new Error(`${file} is ${found.flow.status}.`);
          return found;
        },
        { timeoutMs: 30_000, intervalMs: 15 },
      );
      const { assets } = await ask('asset', principal, assetsQuery, { flow: [flowId] });
      return {
        flowId,
        status: flow.status,
        failure: flow.failure,
        discovery: flow.discovery,
        assets: assets.nodes,
        totalCount: assets.totalCount,
      };
    },
    async [Symbol.asyncDispose]() {
      await worker.stop();
      await parts.flow.close();
      await parts.asset.close();
      await streams.close();
      await bus.close();
      await rows[Symbol.asyncDispose]();
      await database.close();
      await rm(folder, { recursive: true, force: true });
      await facts[Symbol.asyncDispose]();
    },
  };
}

function requestOf(principal: Principal): RequestContext {
  return { principal, requestId: newUuid(), deadline: Deadline.in(30_000) };
}

const startDiscovery = `mutation ($input: StartDiscoveryInput!) { startDiscovery(input: $input) { flow { id } } }`;

const flowQuery = `query ($id: ID!) { flow(id: $id) { status failure { code message }
  discovery { rowsTotal rowsRejected sourceFormat encoding findings { code count sample } columns(first: 100) { nodes { path sheet became reason } } fieldMappings { sourceField targetField confidence reason } rejectedRows(first: 20) { nodes { line code message } } } } }`;

const assetsQuery = `query ($flow: [ID!]) { assets(filter: { discoveredByFlowId: $flow }, first: 100) { totalCount nodes {
  id name kind externalId status environment department criticality hostname ipAddress operatingSystem ownerEmail tags attributes
  dependencies(direction: OUTGOING, first: 50) { nodes { kind to { name } } } } } }`;
