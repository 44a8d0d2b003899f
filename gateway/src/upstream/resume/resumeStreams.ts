import { ResumedStream } from './ResumedStream.js';
import type { CallPolicy } from '../calls/SubgraphCall.js';

/**
 * A subscription to a stream outlives what carries it: when its subgraph or the socket to it is lost, or upstream was
 * given up because it was read too slowly, it goes on behind the last event, and the client notices nothing.
 */
export const resumeStreams: CallPolicy = (next, subgraph) => (request) => {
  const operation = request.context?.tributary;
  const document =
    request.operationType === 'subscription' ? request.context?.known?.resumable(request.document) : null;
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
