import { execFile } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Client } from 'graphql-ws';
import { Database, roleUrl } from '@tributary/data';
import { createLogger } from '@tributary/observability';
import { createWorkspaceWithOwner, invitePerson, workspaceSubgraph } from '@tributary/subgraph-workspace';
import { openSocket, postJson, signIn } from '@tributary/kit/client';
import { startProduct } from '@tributary/kit';
import type { TestRedis } from '@tributary/kit';
import { givenSystem, runGiven, type GivenSystem, type KilledPart } from './givenSystem.js';
import { pidOf } from './processes.js';

export type Mode = 'embedded' | 'cluster' | 'apollo-router' | 'containers';

/** The mode of the suite that is about a cluster: with E2E_SYSTEM one that runs in containers already. */
export const clusterMode: Mode = givenSystem
  ? 'containers'
  : process.env['APOLLO_ROUTER']
    ? 'apollo-router'
    : 'cluster';

/** The modes that the e2e suite runs against. With APOLLO_ROUTER naming its binary, that alone: queries and mutations, no subscriptions. */
export const modes: readonly Mode[] = process.env['APOLLO_ROUTER'] ? ['apollo-router'] : ['embedded', 'cluster'];

export interface GraphqlAnswer<Data = Record<string, never>> {
  readonly status: number;
  readonly data: Data;
  readonly errors?: readonly {
    message: string;
    path?: (string | number)[];
    extensions: { code: string; details: Record<string, unknown>; requestId: string };
  }[];
  readonly extensions?: Record<string, unknown>;
}

export const demoPassword = 'tributary-demo';
const workspaces = ['acme', 'globex'] as const;
export type DemoWorkspace = (typeof workspaces)[number];
export type DemoPerson = 'owner' | 'admin' | 'operator' | 'viewer';

const killedParts: Readonly<Record<KilledPart, RegExp>> = {
  gateway: /gateway\/dist\/main\.js/,
  worker: /workerMain\.js|worker\/dist\/main\.js/,
};

/** Somebody who is signed in, and what they can do as any client can. */
export class Session {
  private readonly sockets: Client[] = [];

  constructor(
    readonly system: System,
    readonly accessToken: string,
    readonly workspaceId: string,
  ) {}

  get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.accessToken}` };
  }

  async send<Data = any>(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer<Data>> {
    return this.system.post<Data>({ query, variables }, this.headers);
  }

  /** Like `send`, for operations that must not fail. */
  async ask<Data = any>(query: string, variables: Record<string, unknown> = {}): Promise<Data> {
    const answer = await this.send<Data>(query, variables);
    if (answer.errors) throw new Error(`${JSON.stringify(answer.errors)} in answer to ${query}`);
    return answer.data;
  }

  /** Events of a subscription over graphql-ws. */
  watch<Data = any>(
    query: string,
    variables: Record<string, unknown> = {},
  ): AsyncIterableIterator<{ data?: Data | null; errors?: readonly any[] }> {
    const client = openSocket(this.system.origin, this.headers['authorization']!);
    this.sockets.push(client);
    this.system.onClose(() => client.dispose());
    return client.iterate({ query, variables }) as AsyncIterableIterator<{
      data?: Data | null;
      errors?: readonly any[];
    }>;
  }
}

/** A whole Tributary, run as its operator runs it. */
export class System implements AsyncDisposable {
  private readonly closers: (() => unknown)[] = [];

  constructor(
    readonly mode: Mode,
    /** Of the GraphQL endpoint. */
    readonly url: string,
    /** Null in containers. */
    readonly process: ChildProcess | null,
    private readonly environment: NodeJS.ProcessEnv,
    /** Null in embedded mode. */
    readonly redis: Pick<TestRedis, 'kill' | 'restart'> | null,
    private readonly given: GivenSystem | null = null,
  ) {}

  get origin(): string {
    return new URL(this.url).origin;
  }

  get dataFolder(): string {
    return this.environment['TRIBUTARY_DATA']!;
  }

  onClose(close: () => unknown): void {
    this.closers.unshift(close);
  }

  async post<Data>(body: unknown, headers: Record<string, string> = {}): Promise<GraphqlAnswer<Data>> {
    const { status, text } = await postJson(this.url, body, headers);
    return { status, ...(JSON.parse(text) as Omit<GraphqlAnswer<Data>, 'status'>) };
  }

  /** What an operator does with `npm run admin`. Answers what it printed. */
  async admin(...args: string[]): Promise<string> {
    if (this.given) return runGiven(this.given.admin, args);
    const run = promisify(execFile);
    return (await run(process.execPath, ['scripts/admin.mjs', ...args], { env: this.environment })).stdout;
  }

  /** Ends the process of a part, as a machine without memory does. It is started again. */
  async killPart(part: KilledPart): Promise<void> {
    if (this.given) return void (await runGiven(this.given.kill[part]));
    process.kill(pidOf(this.process!.pid!, killedParts[part]), 'SIGKILL');
  }

  async signIn(person: DemoPerson = 'owner', workspace: DemoWorkspace = 'acme'): Promise<Session> {
    const answer = await signIn(this.origin, `${person}@${workspace}.example`, demoPassword);
    return new Session(this, answer.accessToken, answer.workspaceId);
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0)) await close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Starts everything and waits until it says that it is ready. */
export async function startSystem(
  mode: Mode,
  extra: NodeJS.ProcessEnv = {},
  /** Takes all that its processes write, instead of this process's standard error. */
  onOutput?: (text: string) => void,
): Promise<System> {
  if (mode === 'containers') return openGiven(givenSystem!);
  const { TRIBUTARY_DATA, ...settings } = extra;
  await using opened = new AsyncDisposableStack();
  const product = opened.use(
    await startProduct({
      mode: mode === 'embedded' ? 'embedded' : 'cluster',
      dataFolder: TRIBUTARY_DATA,
      // Those of this process are for other systems.
      settings: {
        NODE_OPTIONS: '',
        LOG_LEVEL: 'warn',
        DATABASE_URL: undefined,
        REDIS_URL: undefined,
        ...settings,
      },
      onOutput,
    }),
  );
  const { url, child, environment, redis, dataFolder } = product;
  opened.defer(async () => {
    if (!(await product.stop(11_000))) throw new Error('It did not end within 10 s of SIGTERM.');
  });
  const system = new System(mode, url, child, environment, redis);
  if (mode !== 'embedded') await invitePeople(system, environment['DATABASE_URL']!, dataFolder);
  const kept = opened.move();
  system.onClose(() => kept.disposeAsync());
  return system;
}

/** A system that runs already and goes on afterwards, with the people that a cluster of its own is given. */
async function openGiven(given: GivenSystem): Promise<System> {
  const redis = {
    kill: async () => void (await runGiven(given.killRedis)),
    restart: async () => void (await runGiven(given.startRedis)),
  };
  const environment = { TRIBUTARY_DATA: given.dataFolder };
  const system = new System('containers', `${given.origin}/graphql`, null, environment, redis, given);
  const tokenOf = (said: string): string => /token=([\w.~-]+)/.exec(said)?.[1] ?? '';
  for (const slug of workspaces) {
    const owner = ['--owner-email', `owner@${slug}.example`];
    await accept(system, tokenOf(await system.admin('create-workspace', '--slug', slug, '--name', slug, ...owner)));
    for (const role of ['admin', 'operator', 'viewer']) {
      const person = ['--email', `${role}@${slug}.example`, '--role', role.toUpperCase()];
      await accept(system, tokenOf(await system.admin('invite', '--slug', slug, ...person)));
    }
  }
  return system;
}

async function accept(system: System, token: string): Promise<void> {
  const accepted = await postJson(`${system.origin}/auth/accept`, { token, password: demoPassword });
  if (accepted.status !== 200) throw new Error(`Accepting an invitation answered ${accepted.status}: ${accepted.text}`);
}

/** Gives a cluster the people that embedded mode has by itself, as its operator would: by invitations that they accept. */
async function invitePeople(system: System, adminUrl: string, folder: string): Promise<void> {
  const { passwords } = JSON.parse(readFileSync(join(folder, 'cluster-secrets.json'), 'utf8')) as {
    passwords: { app: string };
  };
  const entities = workspaceSubgraph({ accessTokens: null }).tables;
  await using database = await Database.open({
    url: roleUrl(adminUrl, 'app', passwords.app),
    entities,
    logger: createLogger({ name: 'test', level: 'silent' }),
    poolSize: 2,
  });
  for (const slug of workspaces) {
    const { invitationToken } = await createWorkspaceWithOwner(database, {
      slug,
      name: slug,
      ownerEmail: `owner@${slug}.example`,
    });
    const tokens = [invitationToken];
    for (const role of ['admin', 'operator', 'viewer']) {
      tokens.push((await invitePerson(database, { slug, role, email: `${role}@${slug}.example` })).invitationToken);
    }
    for (const token of tokens) await accept(system, token);
  }
}
