import type { Deadline } from './deadline.js';
import type { Principal } from '@tributary/contracts/principal';

/** What every layer below a resolver needs to know of the request that it serves. */
export interface RequestContext {
  readonly principal: Principal;
  /** Correlates logs, errors and audit rows of one request over all processes. */
  readonly requestId: string;
  readonly deadline: Deadline;
  /**
   * Stands for the client's operation: the same object in all contexts that are made for it in this process. What they read at once is
   * read together. Default: the context itself.
   */
  readonly operation?: object;
}
