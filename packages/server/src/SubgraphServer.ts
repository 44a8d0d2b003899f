import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { ApolloServer } from '@apollo/server';
import express from 'express';
import type { NextFunction, Request, Response } from 'express';
import { GraphQLError, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { closeCodes } from '@tributary/contracts/closeCodes';
import { CodedError, errorRegister, isCodedError } from '@tributary/contracts/errors';
import { Deadline } from '@tributary/kernel';
import { bodyHash, connectionHash, contextHeader, operationHash } from '@tributary/auth';
import type { ContextVerifier } from '@tributary/auth';
import { commandInputHeader } from '@tributary/commands';
import type { MutualTls } from '@tributary/commands';
import { continueTrace, withSpan } from '@tributary/observability';
import type { Logger } from '@tributary/observability';
import { formatError } from './formatError.js';
import { answerGraphql, apolloOver, readRawBody } from './graphqlEndpoint.js';
import { addHealthRoutes } from './HealthServer.js';
import type { GraphqlContext } from './GraphqlContext.js';
import type { Subgraph } from './Subgraph.js';

export interface SubgraphServerOptions {
  readonly subgraph: Subgraph;
  readonly verifier: ContextVerifier;
  readonly logger: Logger;
  /** With it, only clients with a certificate of the same authority are served; health and figures stay open to all. Default null. */
  readonly tls?: MutualTls | null;
  readonly host: string;
  readonly port: number;
  /** The longest that a GraphQL request may take here, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** The same for internal commands; streams may take longer than that and follow the caller's deadline. */
  readonly commandTimeoutMs: number;
  readonly isReady: () => Promise<boolean>;
}

const maxBodyBytes = 8 * 1024 * 1024;

/**
 * A subgraph as a process of its own: GraphQL over HTTP and graphql-ws, internal commands, health and figures. Whoever calls it is known
 * by a signed context bound to the request, and by nothing else.
 */
export class SubgraphServer implements AsyncDisposable {
  private constructor(
    private readonly server: Server,
    private readonly apollo: ApolloServer<GraphqlContext>,
    private readonly sockets: { dispose: () => void | Promise<void> },
    readonly port: number,
  ) {}

  static async start(options: SubgraphServerOptions): Promise<SubgraphServer> {
    const app = express();
    let graphql: ((req: IncomingMessage, res: ServerResponse) => void) | null = null;
    // Nearly every request is one of these, and needs nothing of what Express does for it.
    const listener = (req: IncomingMessage, res: ServerResponse): void => {
      if (graphql && req.method === 'POST' && req.url === '/graphql') graphql(req, res);
      else app(req, res);
    };
    const server = options.tls ? createTlsServer(tlsOptions(options.tls), listener) : createServer(listener);
    const apollo = apolloOver(options.subgraph, server, options.logger);
    await apollo.start();
    const sockets = serveSockets(server, options);
    graphql = graphqlRoute(apollo, options);
    addRoutes(app, options);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(options.port, options.host, resolve);
    });
    const address = server.address();
    return new SubgraphServer(
      server,
      apollo,
      sockets,
      typeof address === 'object' && address ? address.port : options.port,
    );
  }

  /** Closes sockets with a resumable code, lets requests finish, then stops listening. */
  async close(): Promise<void> {
    await this.sockets.dispose();
    await this.apollo.stop();
    this.server.closeAllConnections();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

const needsCertificate = 'This endpoint serves clients with a certificate of this installation only.';

/** A probe has no certificate, so the handshake lets everybody through, and each request but a probe's is asked for it. */
function tlsOptions({ cert, key, ca }: MutualTls) {
  return { cert, key, ca, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.3' as const };
}

function isKnownPeer(request: IncomingMessage): boolean {
  return request.socket instanceof TLSSocket && request.socket.authorized;
}

function graphqlRoute(
  apollo: ApolloServer<GraphqlContext>,
  options: SubgraphServerOptions,
): (req: IncomingMessage, res: ServerResponse) => void {
  const { subgraph, verifier } = options;
  const serve = async (req: IncomingMessage, res: ServerResponse): Promise<void> => {
    if (options.tls && !isKnownPeer(req)) throw new CodedError('INVALID_CREDENTIALS', needsCertificate);
    const raw = await readRawBody(req, maxBodyBytes);
    const caller = verifier.verify(header(req, contextHeader), {
      audience: subgraph.name,
      bodySha256: bodyHash(raw),
    });
    const context = contextOf(req, caller, options.requestTimeoutMs);
    const body = parsedJson(raw);
    await continueTrace(req.headers, () =>
      withSpan(`subgraph ${subgraph.name}`, { 'tributary.request': context.requestId }, () =>
        answerGraphql(apollo, req, res, body, context),
      ),
    );
  };
  return (req, res) =>
    void serve(req, res).catch((error: unknown) =>
      refuse(res, error, header(req, 'x-request-id') ?? '', options.logger),
    );
}

function parsedJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new CodedError('INVALID_INPUT', 'The body is too large or not valid JSON.');
  }
}

function addRoutes(app: express.Express, options: SubgraphServerOptions): void {
  const { subgraph, verifier } = options;
  addHealthRoutes(app, options.isReady);
  if (options.tls) {
    app.use((req, _res, next) =>
      next(isKnownPeer(req) ? undefined : new CodedError('INVALID_CREDENTIALS', needsCertificate)),
    );
  }
  const rawBodies = new WeakMap<IncomingMessage, Buffer>();
  const json = express.json({
    limit: maxBodyBytes,
    strict: false,
    verify: (req, _, raw) => void rawBodies.set(req, raw),
  });
  const hashOf = (req: Request) => bodyHash(rawBodies.get(req) ?? '');

  app.post('/internal/:command', (req, res, next) => {
    const name = req.params['command'] ?? '';
    const command = subgraph.commands.find(subgraph.name, name);
    const audience = `commands:${subgraph.name}`;
    if (command?.streams) {
      const input = Buffer.from(header(req, commandInputHeader) ?? '', 'base64url').toString('utf8');
      const context = contextOf(
        req,
        verifier.verify(header(req, contextHeader), { audience, bodySha256: bodyHash(input) }),
        null,
      );
      void answerCommand(
        res,
        subgraph.commands.run(subgraph.name, name, JSON.parse(input), context, req),
        options.logger,
        context,
      );
      return;
    }
    json(req, res, (error?: unknown) => {
      if (error) return next(error);
      try {
        const context = contextOf(
          req,
          verifier.verify(header(req, contextHeader), { audience, bodySha256: hashOf(req) }),
          options.commandTimeoutMs,
        );
        void continueTrace(req.headers, () =>
          answerCommand(res, subgraph.commands.run(subgraph.name, name, req.body, context), options.logger, context),
        );
      } catch (refusal) {
        next(refusal);
      }
    });
  });

  app.use((_, __, next) => next(new CodedError('RESOURCE_NOT_FOUND', 'There is nothing at this path.')));
  app.use((error: unknown, req: Request, res: Response, _next: NextFunction) =>
    refuse(res, error, header(req, 'x-request-id') ?? '', options.logger),
  );
}

async function answerCommand(
  res: Response,
  answer: Promise<unknown>,
  logger: Logger,
  context: GraphqlContext,
): Promise<void> {
  try {
    res.json({ output: (await answer) ?? null });
  } catch (error) {
    refuse(res, error, context.requestId, logger);
  }
}

function refuse(res: ServerResponse, error: unknown, requestId: string, logger: Logger): void {
  const coded = isCodedError(error)
    ? error
    : isBodyFault(error)
      ? new CodedError('INVALID_INPUT', 'The body is too large or not valid JSON.')
      : new CodedError(
          'INTERNAL_ERROR',
          'Something went wrong on our side. Report it with the requestId.',
          {},
          { cause: error },
        );
  if (coded.cause) logger.error({ err: coded.cause, requestId }, coded.message);
  if (res.headersSent) {
    res.destroy();
    return;
  }
  res.writeHead(errorRegister[coded.code].httpStatus, { 'content-type': 'application/json; charset=utf-8' });
  const answer = {
    error: { code: coded.code, message: coded.message, details: coded.details },
    errors: [
      {
        message: coded.message,
        extensions: { code: coded.code, details: coded.details, timestamp: new Date().toISOString(), requestId },
      },
    ],
  };
  res.end(JSON.stringify(answer));
}

function isBodyFault(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'status' in error &&
    typeof error.status === 'number' &&
    error.status < 500
  );
}

function header(req: IncomingMessage, name: string): string | null {
  const value = req.headers[name];
  return typeof value === 'string' ? value : null;
}

function contextOf(
  req: IncomingMessage,
  caller: Pick<GraphqlContext, 'principal' | 'requestId'>,
  maxMs: number | null,
): GraphqlContext {
  const given = Number(header(req, 'x-tributary-deadline-ms'));
  const left = Number.isFinite(given) && given > 0 ? given : (maxMs ?? 60_000);
  return { ...caller, deadline: Deadline.in(maxMs === null ? left : Math.min(left, maxMs)) };
}

function serveSockets(server: Server, options: SubgraphServerOptions): { dispose: () => void | Promise<void> } {
  const { subgraph, verifier, logger } = options;
  const sockets = new WebSocketServer({
    server,
    path: '/graphql',
    maxPayload: 1_048_576,
    verifyClient: ({ req }: { req: IncomingMessage }) => !options.tls || isKnownPeer(req),
  });
  const disposable = useServer(
    {
      connectionInitWaitTimeout: 3_000,
      onConnect: ({ connectionParams }) => {
        try {
          verifier.verify(text(connectionParams?.['context']), { audience: subgraph.name, bodySha256: connectionHash });
          return true;
        } catch {
          return false;
        }
      },
      onSubscribe: (_, __, payload) => {
        const token = text((payload.extensions as Record<string, unknown> | undefined)?.['context']);
        try {
          const caller = verifier.verify(token, {
            audience: subgraph.name,
            bodySha256: operationHash({
              query: payload.query,
              variables: payload.variables,
              operationName: payload.operationName,
            }),
          });
          return {
            schema: subgraph.schema,
            document: parse(payload.query),
            variableValues: payload.variables,
            operationName: payload.operationName,
            contextValue: { ...caller, deadline: Deadline.in(options.requestTimeoutMs) },
          };
        } catch (error) {
          const refusal =
            error instanceof GraphQLError ? error : new GraphQLError(String(error), { originalError: error as Error });
          return [formatError(refusal, '', logger)];
        }
      },
      execute: (args) => run(args),
      subscribe: (args) => run(args),
    },
    sockets,
  );
  function run(args: { document: unknown; variableValues?: unknown; operationName?: unknown; contextValue?: unknown }) {
    return subgraph.execute({
      document: args.document as never,
      variables: args.variableValues as Record<string, unknown>,
      operationName: (args.operationName ?? undefined) as string | undefined,
      context: args.contextValue as GraphqlContext,
    }) as never;
  }
  return {
    dispose: async () => {
      for (const socket of sockets.clients) socket.close(closeCodes.drain, 'This process is shutting down.');
      await disposable.dispose();
    },
  };
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
