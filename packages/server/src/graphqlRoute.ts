import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { bodyHash, contextHeader } from '@tributary/auth';
import { CodedError } from '@tributary/contracts/errors';
import { continueTrace, withSpan } from '@tributary/observability';
import { contextOf, header, maxBodyBytes } from './callerOf.js';
import type { GraphqlContext } from './GraphqlContext.js';
import { answerGraphql, readRawBody } from './graphqlEndpoint.js';
import { refuse } from './refuse.js';
import type { SubgraphServerOptions } from './SubgraphServer.js';
import { isKnownPeer, needsCertificate } from './tlsPeers.js';

/** GraphQL over HTTP, for a caller whose signed context is bound to the body. */
export function graphqlRoute(
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
