import { CodedError } from '@tributary/contracts/errors';
import { type Principal } from '@tributary/contracts/principal';
import { postJson, type HttpAnswer } from '@tributary/kit/client';
import { createLogger } from '@tributary/observability';
import {
  createGateway,
  type GatewayOptions,
  type GraphGateway,
  type Identity,
  type IdentityService,
} from '../../src/index.js';
import { TestGraph } from './graph.js';

export const owner: Principal = {
  workspaceId: '01900000-0000-7000-8000-000000000001',
  actor: { kind: 'user', id: '01900000-0000-7000-8000-000000000002' },
  role: 'OWNER',
  scopes: null,
};

const otherWorkspace = '01900000-0000-7000-8000-000000000009';

/** `Bearer good`, `Bearer other` (of another workspace), `Bearer short` (expires in 300 ms), `Bearer expired`, and the keys `good-key` and `any-key`, which may run what is not stored. */
export const testIdentity: IdentityService = {
  authenticate: async ({ authorization, apiKey }) => {
    if (apiKey !== undefined) {
      if (apiKey === 'good-key') return keyWith(['flow.read']);
      if (apiKey === 'any-key') return keyWith(['flow.read', 'operation.any']);
      throw new CodedError('INVALID_API_KEY', 'This key is not known.');
    }
    if (authorization === undefined) return null;
    if (authorization === 'Bearer good') return { principal: owner, expiresAt: null };
    if (authorization === 'Bearer other')
      return { principal: { ...owner, workspaceId: otherWorkspace }, expiresAt: null };
    if (authorization === 'Bearer short') return { principal: owner, expiresAt: new Date(Date.now() + 300) };
    if (authorization === 'Bearer down') throw new Error('The issuer does not answer.');
    if (authorization === 'Bearer expired') throw new CodedError('EXPIRED_TOKEN', 'The token has expired.');
    throw new CodedError('INVALID_CREDENTIALS', 'The token is not valid.');
  },
};

function keyWith(scopes: readonly string[]): Identity {
  const actor = { kind: 'apiKey', id: owner.workspaceId } as const;
  return { principal: { ...owner, actor, role: 'VIEWER', scopes }, expiresAt: null };
}

export const quietLogger = createLogger({ name: 'gateway-test', level: 'silent' });

export interface TestGateway extends AsyncDisposable {
  readonly gateway: GraphGateway;
  readonly graph: TestGraph;
  /** Such as `http://127.0.0.1:41234/graphql`. */
  readonly url: string;
  readonly wsUrl: string;
  /** POSTs an operation as `Bearer good`. */
  ask(body: unknown, headers?: Record<string, string>): Promise<Answer>;
}

export interface Answer extends HttpAnswer {
  readonly body: {
    data?: Record<string, unknown> | null;
    errors?: AnswerError[];
    extensions?: { degraded?: unknown[] };
  };
}

export interface AnswerError {
  readonly message: string;
  readonly path?: (string | number)[];
  readonly extensions: { code: string; details: Record<string, unknown>; timestamp: string; requestId: string };
}

/** A gateway over two in-process subgraphs on a free port. */
export async function startTestGateway(options: Partial<GatewayOptions> = {}): Promise<TestGateway> {
  const graph = new TestGraph();
  const gateway = await createGateway({
    supergraphSdl: graph.supergraphSdl,
    subgraphs: {
      flow: { kind: 'inProcess', execute: (request) => graph.execute('flow', request) },
      asset: { kind: 'inProcess', execute: (request) => graph.execute('asset', request) },
    },
    identity: testIdentity,
    logger: quietLogger,
    ...options,
    settings: {
      introspection: true,
      suggestions: true,
      ...options.settings,
      sockets: { drainSpreadMs: 0, ...options.settings?.sockets },
    },
  });
  const { port } = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${port}/graphql`;
  return {
    gateway,
    graph,
    url,
    wsUrl: url.replace('http', 'ws'),
    ask: (body, headers = {}) => post(url, body, { authorization: 'Bearer good', ...headers }),
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

export async function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return readAnswer(await postJson(url, body, headers));
}

/** Of a request that was made in another way. */
export async function answerOf(response: Response): Promise<Answer> {
  return readAnswer({ status: response.status, headers: response.headers, text: await response.text() });
}

function readAnswer(answer: HttpAnswer): Answer {
  let body: Answer['body'] = {};
  try {
    body = JSON.parse(answer.text) as Answer['body'];
  } catch {
    // Not JSON: the test looks at the text.
  }
  return { ...answer, body };
}
