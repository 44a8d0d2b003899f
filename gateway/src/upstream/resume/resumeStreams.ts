import type { DocumentNode, ExecutionResult } from 'graphql';
import type { EngineContext } from '../../result/OperationContext.js';
import { ResumedStream } from './ResumedStream.js';
import { resumableDocument, type ResumableDocument } from './resumableDocument.js';
import type { StreamField } from '../../operations/streamFields.js';
import type { CallPolicy } from '../calls/CallPolicy.js';

type Answer = ExecutionResult | AsyncIterable<ExecutionResult>;

/**
 * A subscription to a stream outlives what carries it: when its subgraph or the socket to it is lost, or upstream was
 * given up because it was read too slowly, it goes on behind the last event, and the client notices nothing.
 */
export function resumeStreams(streams: ReadonlyMap<string, StreamField>): CallPolicy {
  const known = new WeakMap<DocumentNode, ResumableDocument | null>();
  const resumable = (document: DocumentNode): ResumableDocument | null => {
    let found = known.get(document);
    if (found === undefined) known.set(document, (found = resumableDocument(document, streams)));
    return found;
  };
  return (next, subgraph) => async (request) => {
    const document = request.operationType === 'subscription' ? resumable(request.document) : null;
    if (!document) return next(request) as never;
    const operation = (request.context as unknown as EngineContext).tributary;
    const stream = new ResumedStream({
      document,
      open: async (after) =>
        (await next(
          after === null
            ? { ...request, document: document.first }
            : {
                ...request,
                document: document.resumed,
                variables: {
                  ...(request.variables as Record<string, unknown>),
                  [document.afterVariable]: after,
                } as never,
              },
        )) as Answer,
      onPosition: (position) => (operation.position = position),
      onLost: (reason) =>
        operation.logger.debug({ requestId: operation.requestId, subgraph, reason }, 'A stream is taken up again.'),
    });
    const refusal = await stream.begin();
    return (refusal ?? stream) as never;
  };
}
