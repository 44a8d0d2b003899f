import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSchema, getNamedType, isInputObjectType, parse } from 'graphql';
import type { DocumentNode, ExecutionResult, FieldNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import pg from 'pg';
import { generateSigningKey, signInContext } from '@tributary/auth';
import { acceptInvitationCommand, deliverableCommand } from '@tributary/contracts/commands';
import { Database } from '@tributary/data';
import { InProcessBus } from '@tributary/events';
import { Deadline, newUuid } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { DiskUploadStore } from '@tributary/subgraph-flow';
import { seedDemoPeople } from '@tributary/subgraph-workspace';
import { startCommitCutter, startTestDatabase, testKeyring } from '@tributary/kit';
import type { CommitCutter } from '@tributary/kit';
import { composeSubgraphs, embeddedSubgraphs, tablesOf } from '../../embedded/src/composeSubgraphs.js';
import { keyedMutations } from '../../prove/idempotency/keyedMutations.ts';
import { OnceProof } from '../../prove/idempotency/proveOnce.ts';
import type { World } from '../../prove/idempotency/World.ts';

describe('a mutation that is sent again with its idempotencyKey', () => {
  const opened = new AsyncDisposableStack();
  let world: World;
  let cutter: CommitCutter;

  beforeAll(async () => {
    const cluster = opened.use(await startTestDatabase());
    const url = new URL(cluster.appUrl);
    cutter = opened.use(await startCommitCutter(Number(url.port)));
    url.hostname = '127.0.0.1';
    url.port = String(cutter.port);
    const folder = await mkdtemp(join(tmpdir(), 'tributary-once-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const logger = createLogger({ name: 'test', level: 'silent' });
    const definitions = embeddedSubgraphs({
      signingKey: generateSigningKey().privateKeyPem,
      uploads: new DiskUploadStore(folder),
    });
    const bus = opened.use(new InProcessBus());
    const database = opened.use(
      await Database.open({
        url: url.href,
        entities: tablesOf(definitions),
        logger,
        hints: bus,
        keyring: testKeyring(),
      }),
    );
    const composed = composeSubgraphs({ database, bus, logger, definitions });
    await Promise.all(composed.subgraphs.map((each) => each.load()));
    opened.defer(() => composed.close());
    // The gateway's own command: what a webhook's document is.
    composed.registry.register(deliverableCommand, ({ document }) =>
      Promise.resolve({ document: document ?? '', stream: 'flowUpdates', arguments: {}, costPerEvent: 1 }),
    );
    const admin = new pg.Client({ connectionString: cluster.superuserUrl });
    await admin.connect();
    opened.defer(() => admin.end());
    const { workspaceId } = (await seedDemoPeople(database))[0]!;
    const { rows } = await admin.query<{ id: string }>(
      `select user_id as id from member where workspace_id = $1 and role = 'OWNER'`,
      [workspaceId],
    );
    const principal = {
      workspaceId,
      actor: { kind: 'user' as const, id: rows[0]!.id },
      role: 'OWNER' as const,
      scopes: null,
    };
    world = {
      admin,
      workspaceId,
      hasWorker: false,
      async send(query, variables) {
        const document = parse(query);
        const subgraph = composed.subgraphs.find(({ schema }) => holds(schema, document))!;
        const context = { principal, requestId: newUuid(), deadline: Deadline.in(10_000) };
        const { data, errors } = (await subgraph.execute({ document, variables, context })) as ExecutionResult;
        return { data, errors: errors as never };
      },
      async accept(token) {
        await composed.commands.call(
          acceptInvitationCommand,
          { token, password: 'a password for the proof' },
          signInContext(),
        );
      },
    };
  });
  afterAll(() => opened.disposeAsync());

  test.each(
    keyedMutations.filter(({ needsWorker }) => !needsWorker).map((mutation) => [mutation.field, mutation] as const),
  )(
    '%s has its effect once and answers the same, whether it was cut behind COMMIT, before it, or raced with itself',
    async (_, mutation) => {
      const figures = await new OnceProof(world, cutter).prove(
        mutation,
        mutation.isSlow ? 1 : 4,
        mutation.isSlow ? 4 : 12,
      );
      expect(figures).toMatchObject({ doubled: 0, lost: 0, wrong: [] });
      expect(figures.cutAfterCommit).toBeGreaterThan(0);
    },
  );

  test('the proof finds what is done twice when every call has a key of its own', async () => {
    const forgetful: World = {
      ...world,
      send: (query, { input }) => world.send(query, { input: { ...(input as object), idempotencyKey: newUuid() } }),
    };
    const createFlow = keyedMutations.find(({ field }) => field === 'createFlow')!;
    const figures = await new OnceProof(forgetful, cutter).prove(createFlow, 1, 4);
    expect(figures.doubled).toBeGreaterThan(0);
    expect(figures.wrong.length).toBeGreaterThan(0);
  });
});

test('every mutation that takes an idempotencyKey is proven', () => {
  const schema = buildSchema(readFileSync('schema/api.graphql', 'utf8'));
  const keyed = Object.values(schema.getMutationType()!.getFields()).filter(({ args }) =>
    args.some(({ type }) => {
      const named = getNamedType(type);
      return isInputObjectType(named) && 'idempotencyKey' in named.getFields();
    }),
  );
  expect(keyedMutations.map(({ field }) => field).sort()).toEqual(keyed.map(({ name }) => name).sort());
});

function holds(schema: GraphQLSchema, document: DocumentNode): boolean {
  const operation = document.definitions[0] as OperationDefinitionNode;
  const root = operation.selectionSet.selections[0] as FieldNode;
  return root.name.value in (schema.getRootType(operation.operation)?.getFields() ?? {});
}
