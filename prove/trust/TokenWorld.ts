import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import {
  ContextVerifier,
  contextHeader,
  createAccessTokenIssuer,
  createAccessTokenVerifier,
  createApiKey,
  createOutsideTokenVerifier,
  generateSigningKey,
  parseGatewaySecrets,
  signContext,
  verifierByIssuer,
  type AccessTokenIssuer,
  IdentityClient,
  signInContext,
} from '@tributary/auth';
import { Cache, readCacheConfig } from '@tributary/cache';
import { HttpCommandClient } from '@tributary/commands';
import { loginCommand } from '@tributary/contracts/commands';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { Database } from '@tributary/data';
import { EventStreams, InProcessBus } from '@tributary/events';
import { authRoutes, createGateway } from '@tributary/gateway';
import { InProcessCounters } from '@tributary/limits';
import { createLogger } from '@tributary/observability';
import { SubgraphServer } from '@tributary/server';
import { invitePerson, seedDemoPeople, workspaceSubgraph } from '@tributary/subgraph-workspace';
import { startTestDatabase } from '@tributary/kit';
import type { Loot } from './badTokens.ts';
import { craftToken } from './craftToken.ts';
import { KeyServer } from './KeyServer.ts';

const names = { issuer: 'https://tributary.test', audience: 'tributary' };
const outsideAudience = 'tributary-graph';
const supergraph = join(import.meta.dirname, '../../schema/supergraph.graphql');

export interface Outcome {
  /** Whether anything was told that only a signed-in caller may hear. */
  readonly accepted: boolean;
  readonly what: string;
}

/** The workspace subgraph behind its own server, a gateway that takes tokens of two issuers, and the issuers' key servers. */
export class TokenWorld implements AsyncDisposable {
  private readonly opened: AsyncDisposableStack;
  readonly gatewayPort: number;
  readonly subgraphPort: number;
  readonly ownKeys: KeyServer;
  readonly outsideKeys: KeyServer;
  readonly evil: KeyServer;
  readonly loot: Loot;
  readonly outsideToken: string;

  private constructor(
    opened: AsyncDisposableStack,
    gatewayPort: number,
    subgraphPort: number,
    ownKeys: KeyServer,
    outsideKeys: KeyServer,
    evil: KeyServer,
    loot: Loot,
    outsideToken: string,
  ) {
    this.opened = opened;
    this.gatewayPort = gatewayPort;
    this.subgraphPort = subgraphPort;
    this.ownKeys = ownKeys;
    this.outsideKeys = outsideKeys;
    this.evil = evil;
    this.loot = loot;
    this.outsideToken = outsideToken;
  }

  /** `intervalMs`: how often keys may be fetched. */
  static async start(intervalMs = 30_000): Promise<TokenWorld> {
    await using opened = new AsyncDisposableStack();
    const logger = createLogger({ name: 'tokens', level: 'silent' });
    const secrets = parseGatewaySecrets('0123456789abcdef0123456789abcdef-tokens');
    const [ownKeys, outsideKeys, evil] = [
      opened.use(await KeyServer.start()),
      opened.use(await KeyServer.start()),
      opened.use(await KeyServer.start()),
    ];
    const pair = generateSigningKey();
    const issuer = createAccessTokenIssuer({ ...names, privateKeyPem: pair.privateKeyPem });
    ownKeys.keys = issuer.jwks.keys;
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    outsideKeys.keys = [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'outside-1', use: 'sig' }];

    const testDatabase = opened.use(await startTestDatabase());
    const definition = workspaceSubgraph({ accessTokens: issuer });
    const database = opened.use(
      await Database.open({ url: testDatabase.appUrl, entities: definition.tables, logger, poolSize: 4 }),
    );
    const bus = opened.use(new InProcessBus());
    const streams = new EventStreams({ database, bus, logger });
    opened.defer(() => streams.close());
    const commands = new HttpCommandClient({ urls: {}, secrets });
    const subgraph = opened.use(
      definition.serve({ database, streams, bus, cache: new Cache(readCacheConfig({})), commands, logger }),
    );
    const server = opened.use(
      await SubgraphServer.start({
        subgraph,
        verifier: new ContextVerifier({ secrets }),
        logger,
        host: '127.0.0.1',
        port: 0,
        requestTimeoutMs: 5_000,
        commandTimeoutMs: 5_000,
        isReady: () => Promise.resolve(true),
      }),
    );
    const base = `http://127.0.0.1:${server.port}`;
    const verifier = verifierByIssuer(
      new Map([
        [
          names.issuer,
          createAccessTokenVerifier({ ...names, jwksUrl: `${ownKeys.url}/jwks`, jwksIntervalMs: intervalMs }),
        ],
        [
          outsideKeys.url,
          createOutsideTokenVerifier({
            issuer: outsideKeys.url,
            audience: outsideAudience,
            headerType: 'at+jwt',
            claims: { user: 'sub', workspace: 'workspace_id', role: 'role' },
            intervalMs,
          }),
        ],
      ]),
    );
    const gatewayCommands = new HttpCommandClient({ urls: { workspace: base }, secrets });
    const identity = opened.use(new IdentityClient({ commands: gatewayCommands, verifier, logger }));
    identity.start();
    const connection = {
      kind: 'http',
      url: `${base}/graphql`,
      wsUrl: `${base.replace('http', 'ws')}/graphql`,
    } as const;
    const gateway = opened.use(
      await createGateway({
        supergraphSdl: readFileSync(supergraph, 'utf8'),
        subgraphs: Object.fromEntries(subgraphNames.map((name) => [name, connection])),
        identity,
        secrets,
        routes: authRoutes({
          commands: gatewayCommands,
          secureCookies: false,
          corsOrigins: [],
          counters: opened.use(new InProcessCounters()),
          behindProxy: false,
        }),
        settings: { sockets: { drainSpreadMs: 0 } },
        logger,
      }),
    );
    const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });

    await seedDemoPeople(database);
    const login = async (email: string) => {
      const input = { email, password: 'tributary-demo', workspace: null };
      const signedIn = await gatewayCommands.call(loginCommand, input, signInContext());
      return { ...signedIn, principal: (await verifier.verify(signedIn.accessToken)).principal };
    };
    const [owner, stranger] = [await login('owner@acme.example'), await login('owner@globex.example')];
    const { invitationToken } = await invitePerson(database, {
      slug: 'acme',
      email: 'new@acme.example',
      role: 'OWNER',
    });
    const { workspaceId, actor } = owner.principal;
    const userId = (actor as { id: string }).id;
    const now = Math.floor(Date.now() / 1000);
    const outside = { issuer: outsideKeys.url, audience: outsideAudience, kid: 'outside-1' };
    const outsideToken = craftToken(
      { alg: 'RS256', typ: 'at+jwt', kid: outside.kid },
      {
        iss: outside.issuer,
        aud: outside.audience,
        sub: userId,
        workspace_id: workspaceId,
        role: 'VIEWER',
        iat: now,
        exp: now + 1800,
      },
      rsa.privateKey,
    );
    const loot: Loot = {
      ownKey: createPrivateKey(pair.privateKeyPem),
      outsideKey: rsa.privateKey,
      own: { ...names, kid: issuer.jwks.keys[0]!.kid! },
      outside,
      good: owner.accessToken,
      foreign: stranger.accessToken,
      userId,
      workspaceId,
      otherWorkspaceId: stranger.principal.workspaceId,
      refreshToken: owner.refreshToken,
      apiKey: createApiKey().secret,
      invitation: invitationToken,
      signedContext: signContext(owner.principal, {
        audience: 'workspace',
        requestId: 'r',
        bodySha256: 'x',
        secrets,
      }),
      evilUrl: `${evil.url}/jwks`,
    };
    return new TokenWorld(opened.move(), port, server.port, ownKeys, outsideKeys, evil, loot, outsideToken);
  }

  /** An issuer with another key, published beside those of now. */
  publishNextKey(): AccessTokenIssuer {
    const issuer = createAccessTokenIssuer({ ...names, privateKeyPem: generateSigningKey().privateKeyPem });
    this.ownKeys.keys = [...this.ownKeys.keys.slice(-1), ...issuer.jwks.keys];
    return issuer;
  }

  /** A token of the demo owner that nobody has shown before. */
  async freshToken(issuer: AccessTokenIssuer): Promise<string> {
    const { userId, workspaceId } = this.loot;
    return (await issuer.issue({ userId, workspaceId, role: 'OWNER', sessionId: randomUUID() })).accessToken;
  }

  /** Asks the gateway over HTTP. The header goes as it is, past all checks of a client library. */
  async overHttp(authorization: string): Promise<Outcome> {
    return judged(await rawPost(this.gatewayPort, '/graphql', [`authorization: ${authorization}`]));
  }

  /** Asks the subgraph itself, the token in every place where one could look for it. */
  async atSubgraph(authorization: string): Promise<Outcome> {
    const token = authorization.replace(/^Bearer /, '');
    return judged(
      await rawPost(this.subgraphPort, '/graphql', [`authorization: ${authorization}`, `${contextHeader}: ${token}`]),
    );
  }

  overSocket(authorization: string): Promise<Outcome> {
    return new Promise((resolve) => {
      const socket = new WebSocket(`ws://127.0.0.1:${this.gatewayPort}/graphql`, 'graphql-transport-ws');
      const end = (outcome: Outcome): void => {
        socket.close();
        resolve(outcome);
      };
      socket.on('open', () => socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } })));
      socket.on('message', (data: Buffer) => {
        const message = JSON.parse(data.toString()) as { type: string };
        if (message.type === 'connection_ack')
          socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query } }));
        if (message.type === 'next' || message.type === 'error') end(judged(data.toString()));
      });
      socket.on('close', (code: number, reason: Buffer) =>
        end({ accepted: false, what: `${code} ${reason.toString()}` }),
      );
      socket.on('error', (error) => end({ accepted: false, what: error.message }));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.opened.disposeAsync();
  }
}

const query = '{ viewer { role workspace { slug } } }';

/** Accepted is what tells a role or a workspace; `what` is the code, or the status, of the refusal. */
function judged(answer: string): Outcome {
  const accepted = /"role":"|"slug":"/.test(answer);
  return { accepted, what: /"code":"([A-Z_]+)"/.exec(answer)?.[1] ?? answer.slice(0, 40) };
}

function rawPost(port: number, path: string, headers: readonly string[]): Promise<string> {
  const body = JSON.stringify({ query });
  const head = [
    `POST ${path} HTTP/1.1`,
    'host: 127.0.0.1',
    'connection: close',
    'content-type: application/json',
    `content-length: ${body.length}`,
    ...headers,
  ];
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n${body}`, 'latin1'));
    socket.on('data', (data) => (answer += data.toString()));
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
  });
}
