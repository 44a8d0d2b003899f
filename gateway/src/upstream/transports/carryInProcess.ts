import type { CallLimit } from '../calls/CallLimit.js';
import type { CarryCall, SubgraphCall } from '../calls/SubgraphCall.js';
import type { InProcessConnection, InProcessRequest } from '../connections.js';
import { requestContextOf } from './requestContext.js';

/** Hands the plan's own document to the subgraph: the same object each time, so that both sides can remember what they know of it. */
export function carryInProcess(connection: InProcessConnection): CarryCall {
  return async (call, limit) => connection.execute(new RequestInProcess(call, limit));
}

class RequestInProcess implements InProcessRequest {
  readonly document;
  readonly variables;
  readonly operationName;
  readonly context;
  #signal: AbortSignal | undefined;

  constructor(
    call: SubgraphCall,
    private readonly limit: CallLimit,
  ) {
    this.document = call.document;
    this.variables = call.variables;
    this.operationName = call.operationName;
    this.context = requestContextOf(call.context, limit.budgetMs, call.operationType === 'subscription');
  }

  /** Made for who asks for it: most answer sooner than they could stop. */
  get signal(): AbortSignal {
    if (!this.#signal) {
      const controller = new AbortController();
      this.limit.onGivenUp((reason) => controller.abort(reason));
      this.#signal = controller.signal;
    }
    return this.#signal;
  }
}
