import type { DocumentNode } from 'graphql';
import { ResumedStream } from './ResumedStream.js';
import { resumableDocument, type ResumableDocument } from './resumableDocument.js';
import type { StreamField } from '../../operations/streamFields.js';
import type { CallPolicy } from '../calls/SubgraphCall.js';

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
  return (next, subgraph) => (request) => {
    const document = request.operationType === 'subscription' ? resumable(request.document) : null;
    const operation = request.context?.tributary;
    if (!document || !operation) return next(request);
    const stream = new ResumedStream({
      document,
      open: async (after) =>
        next(
          after === null
            ? { ...request, document: document.first }
            : {
                ...request,
                document: document.resumed,
                variables: { ...request.variables, [document.afterVariable]: after },
              },
        ),
      onPosition: (position) => (operation.position = position),
      onLost: (reason) =>
        operation.logger.debug({ requestId: operation.requestId, subgraph, reason }, 'A stream is taken up again.'),
    });
    return stream.begin().then((refusal) => refusal ?? stream);
  };
}
