import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ApolloServer, HeaderMap, type HTTPGraphQLResponse } from '@apollo/server';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import type { GraphQLError } from 'graphql';
import { type ExecutionResult } from 'graphql';
import { CodedError } from '@tributary/contracts/errors';
import type { Logger } from '@tributary/observability';
import { formatError } from './formatError.js';
import type { GraphqlContext } from './GraphqlContext.js';
import type { KnownDocuments, KnownRequest } from './KnownDocuments.js';
import type { Subgraph } from './Subgraph.js';

/**
 * Apollo Server in front of a subgraph: it checks requests, and parses and validates documents, which it remembers by their
 * hash. The subgraph itself executes them, in the same way as in embedded mode.
 */
export function apolloOver(
  subgraph: Subgraph,
  server: Server,
  documents: KnownDocuments,
  logger: Logger,
): ApolloServer<GraphqlContext> {
  return new ApolloServer<GraphqlContext>({
    gateway: {
      onSchemaLoadOrUpdate: (loaded) => {
        loaded({ apiSchema: subgraph.schema, coreSupergraphSdl: subgraph.graphql.sdl });
        return () => undefined;
      },
      load: () =>
        Promise.resolve({
          executor: async ({ document, operationName, request, context }) => {
            // Only what is valid comes here.
            documents.remember(request.query!, document);
            return (await subgraph.execute({
              document,
              operationName: operationName ?? undefined,
              variables: request.variables,
              context: context as GraphqlContext,
            })) as ExecutionResult<Record<string, unknown>, Record<string, unknown>>;
          },
        }),
      stop: () => Promise.resolve(),
    },
    // The process closes in an order of its own; Apollo Server would stop at SIGTERM beside it, and a second stop waits for ever.
    stopOnTerminationSignals: false,
    introspection: false,
    csrfPrevention: false,
    allowBatchedHttpRequests: false,
    includeStacktraceInErrorResponses: false,
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginDrainHttpServer({ httpServer: server, stopGracePeriodMillis: 5_000 }),
      {
        requestDidStart: () =>
          Promise.resolve({
            willSendResponse: ({ response, errors, contextValue }) => {
              // What stopped the request before the subgraph had it is only here told which request it belongs to.
              if (response.body.kind === 'single' && errors)
                response.body.singleResult.errors = errors.map((error) =>
                  (isFormatted(error) ? error : formatError(error, contextValue.requestId, logger)).toJSON(),
                );
              return Promise.resolve();
            },
          }),
      },
    ],
  });
}

/** The subgraph has given its errors their form. */
function isFormatted({ extensions }: GraphQLError): boolean {
  return typeof extensions['timestamp'] === 'string' && typeof extensions['requestId'] === 'string';
}

/**
 * Answers a request with a known document as Apollo Server would, without its way there. False: nothing was executed or written, since
 * something is wrong with what was sent, and Apollo Server is to say what.
 */
export async function answerKnown(
  subgraph: Subgraph,
  known: KnownRequest,
  response: ServerResponse,
  context: GraphqlContext,
): Promise<boolean> {
  const result = (await subgraph.execute({ ...known, context })) as ExecutionResult;
  if (!('data' in result)) return false;
  const { data, errors, extensions } = result;
  // As graphql-over-HTTP has it for JSON, and the order in which Apollo Server writes.
  const body = `${JSON.stringify({ ...(errors ? { errors } : {}), data, ...(extensions ? { extensions } : {}) })}\n`;
  response.writeHead(200, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(body),
  });
  response.end(body);
  return true;
}

/** Hands a request that was read to Apollo Server, and writes what it answers. */
export async function answerGraphql(
  apollo: ApolloServer<GraphqlContext>,
  request: IncomingMessage,
  response: ServerResponse,
  body: unknown,
  context: GraphqlContext,
): Promise<void> {
  const headers = new HeaderMap();
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers.set(name, Array.isArray(value) ? value.join(', ') : value);
  const answer = await apollo.executeHTTPGraphQLRequest({
    httpGraphQLRequest: { method: request.method ?? 'POST', headers, search: '', body },
    context: () => Promise.resolve(context),
  });
  await write(response, answer);
}

async function write(response: ServerResponse, { status, headers, body }: HTTPGraphQLResponse): Promise<void> {
  response.statusCode = status ?? 200;
  for (const [name, value] of headers) response.setHeader(name, value);
  if (body.kind === 'complete') {
    response.setHeader('content-length', Buffer.byteLength(body.string));
    response.end(body.string);
    return;
  }
  for await (const chunk of body.asyncIterator) response.write(chunk);
  response.end();
}

const inflaters = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress };

/** The body as it was signed, inflated where it came compressed. Throws INVALID_INPUT for one that is over `maxBytes` or broken off. */
export function readRawBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const inflate = Object.hasOwn(inflaters, encoding) ? inflaters[encoding as keyof typeof inflaters] : null;
  if (!inflate && encoding !== 'identity')
    return Promise.reject(new CodedError('INVALID_INPUT', 'The body has an encoding that is not known here.'));
  return new Promise((resolve, reject) => {
    const source = inflate ? request.pipe(inflate()) : request;
    const chunks: Buffer[] = [];
    let bytes = 0;
    const refuse = (): void => {
      source.removeAllListeners('data');
      request.resume();
      reject(new CodedError('INVALID_INPUT', 'The body is too large or not valid JSON.'));
    };
    source.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) refuse();
      else chunks.push(chunk);
    });
    source.on('end', () => resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)));
    source.on('error', refuse);
    request.on('close', () => {
      if (!request.complete) refuse();
    });
  });
}
