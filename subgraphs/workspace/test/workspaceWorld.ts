import { createAccessTokenIssuer, createAccessTokenVerifier, generateSigningKey, signInContext } from '@tributary/auth';
import type { AccessTokenVerifier } from '@tributary/auth';
import { CommandRegistry } from '@tributary/commands';
import { existingCommand } from '@tributary/contracts/commands';
import type { Command } from '@tributary/contracts/commands';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import type { Database } from '@tributary/data';
import type { Principal } from '@tributary/contracts/principal';
import type { Role } from '@tributary/contracts/roles';
import type { Subgraph } from '@tributary/server';
import type { TestDatabase } from '@tributary/kit';
import { ask, codesOf, requestOf, startSubgraphWorld } from '@tributary/kit/world';
import { seedDemoPeople, workspaceSubgraph } from '@tributary/subgraph-workspace';
import pg from 'pg';

export const issuerNames = { issuer: 'https://tributary.test', audience: 'tributary' };

/** The workspace subgraph over a database of its own, with the demo people in it. */
export interface WorkspaceWorld extends AsyncDisposable {
  readonly testDatabase: TestDatabase;
  readonly database: Database;
  readonly subgraph: Subgraph;
  readonly verifier: AccessTokenVerifier;
  /** Names of the statements since the last `statements.length = 0`. */
  readonly statements: string[];
  /** Public ids that the other subgraphs say exist. */
  readonly foreignIds: Set<string>;
  /** Bare uuids of the workspaces by slug. */
  readonly workspaces: ReadonlyMap<string, string>;
  /** Runs a command as the gateway does. */
  command<Input, Output>(command: Command<Input, Output>, input: Input): Promise<Output>;
  /** A demo person as the gateway knows them. */
  person(role: Role, slug?: string): Promise<Principal>;
  ask(principal: Principal, query: string, variables?: Record<string, unknown>): Promise<Answer>;
  /** Looks into the database past all locks. */
  superuser<Row extends object>(sql: string, values?: unknown[]): Promise<Row[]>;
}

export interface Answer {
  readonly data: any;
  readonly codes: string[];
}

const storedOperations = () => [
  {
    id: 'one',
    name: 'One',
    cost: 3,
    body: 'query One { viewer { role } }',
    manifest: 'partner.json',
    audience: 'everybody' as const,
  },
  { id: 'two', name: null, cost: null, body: '{ viewer { role } }', manifest: 'console', audience: 'people' as const },
];

export async function startWorkspaceWorld(): Promise<WorkspaceWorld> {
  const pair = generateSigningKey();
  const accessTokens = createAccessTokenIssuer({ ...issuerNames, privateKeyPem: pair.privateKeyPem });
  const verifier = createAccessTokenVerifier({ ...issuerNames, publicKeysPem: [pair.publicKeyPem] });
  const foreignIds = new Set<string>();
  const neighbours = new CommandRegistry();
  for (const name of subgraphNames) {
    if (name === 'workspace') continue;
    neighbours.register(existingCommand[name], ({ ids }) => Promise.resolve(ids.filter((id) => foreignIds.has(id))));
  }
  const world = await startSubgraphWorld(workspaceSubgraph({ accessTokens, storedOperations }), { neighbours });
  const { testDatabase, database, subgraph, commands, statements } = world;
  const demo = await seedDemoPeople(database);
  const workspaces = new Map(demo.map(({ slug, workspaceId }) => [slug, workspaceId]));
  const client = new pg.Pool({ connectionString: testDatabase.superuserUrl, max: 2 });

  const superuser = async <Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> =>
    (await client.query(sql, values)).rows as Row[];
  return {
    testDatabase,
    database,
    subgraph,
    verifier,
    statements,
    foreignIds,
    workspaces,
    superuser,
    command: (command, input) => commands.call(command, input, signInContext()),
    async person(role, slug = 'acme') {
      const workspaceId = workspaces.get(slug)!;
      const [row] = await superuser<{ user_id: string }>(
        'select user_id from member where workspace_id = $1 and email = $2',
        [workspaceId, `${role.toLowerCase()}@${slug}.example`],
      );
      return { workspaceId, actor: { kind: 'user', id: row!.user_id }, role, scopes: null };
    },
    async ask(principal, query, variables) {
      const result = await ask(world, principal, query, variables, { ...requestOf(principal), requestId: 'r-test' });
      return { data: (result.data ?? null) as unknown, codes: codesOf(result).map(String) };
    },
    async [Symbol.asyncDispose]() {
      await client.end();
      await world[Symbol.asyncDispose]();
    },
  };
}
