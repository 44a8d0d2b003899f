import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApolloServer } from '@apollo/server';
import { bodyHash, contextHeader } from '@tributary/auth';
import { CodedError } from '@tributary/contracts/errors';
import { continueTrace, withSpan } from '@tributary/observability';
import { contextOf, header, maxBodyBytes } from './callerOf.js';
import type { GraphqlContext } from './GraphqlContext.js';
import { answerGraphql, answerKnown, readRawBody } from './graphqlEndpoint.js';
import type { KnownDocuments, KnownRequest } from './KnownDocuments.js';
import { refuse } from './refuse.js';
import type { SubgraphServerOptions } from './SubgraphServerOptions.js';
import { isKnownPeer, needsCertificate } from './tlsPeers.js';

/** GraphQL over HTTP, for a caller whose signed context is bound to the body. */
export function graphqlRoute(
  apollo: ApolloServer<GraphqlContext>,
  documents: KnownDocuments,
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
    const known = takesJson(req) ? documents.find(body) : null;
    await continueTrace(req.headers, () =>
      withSpan(`subgraph ${subgraph.name}`, { 'tributary.request': context.requestId }, () =>
        answer(req, res, body, known, context),
      ),
    );
  };
  const answer = async (
    req: IncomingMessage,
    res: ServerResponse,
    body: unknown,
    known: KnownRequest | null,
    context: GraphqlContext,
  ): Promise<void> => {
    if (known && (await answerKnown(subgraph, known, res, context))) return;
    await answerGraphql(apollo, req, res, body, context);
  };
  return (req, res) =>
    void serve(req, res).catch((error: unknown) =>
      refuse(res, error, header(req, 'x-request-id') ?? '', options.logger),
    );
}

/** What our gateway asks for. Other forms are negotiated. */
function takesJson({ headers }: IncomingMessage): boolean {
  return headers.accept === 'application/json' && (headers['content-type'] ?? '').startsWith('application/json');
}

function parsedJson(raw: Buffer): unknown {
  try {
    return JSON.parse(raw.toString('utf8'));
  } catch {
    throw new CodedError('INVALID_INPUT', 'The body is too large or not valid JSON.');
  }
}
