import type { GatewayPlugin } from '@graphql-hive/gateway-runtime';
import { bodyHash, contextHeader, signContext, type GatewaySecrets } from '@tributary/auth';
import { traceHeaders } from '@tributary/observability';
import type { EngineContext } from '../../result/OperationContext.js';
import { callBudgetOf } from './callBudget.js';
import { requestContextOf } from '../transports/requestContext.js';

/** Every request to a subgraph carries who asks, signed anew for this body and this try; the subgraph believes nothing else. */
export function useSignedContext(secrets: GatewaySecrets | null): GatewayPlugin {
  if (!secrets) return {};
  return {
    onFetch({ executionRequest, options, setOptions }) {
      if (!executionRequest) return;
      if (typeof options.body !== 'string')
        throw new Error('A request to a subgraph must have a text body to be signed.');
      const subgraph = executionRequest.subgraphName;
      if (!subgraph) throw new Error('A request without a subgraph cannot be signed.');
      const context = requestContextOf(executionRequest.context as EngineContext, callBudgetOf(executionRequest));
      setOptions({
        ...options,
        headers: {
          ...options.headers,
          ...traceHeaders(),
          [contextHeader]: signContext(context.principal, {
            audience: subgraph,
            requestId: context.requestId,
            bodySha256: bodyHash(options.body),
            secrets,
          }),
          'x-request-id': context.requestId,
          'x-tributary-deadline-ms': String(Math.floor(context.deadline.remaining())),
        },
      });
    },
  };
}
