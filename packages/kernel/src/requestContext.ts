import type { Deadline } from './deadline.js';
import type { Principal } from '@tributary/contracts/principal';

/** What every layer below a resolver needs to know of the request that it serves. */
export interface RequestContext {
  readonly principal: Principal;
  /** Correlates logs, errors and audit rows of one request over all processes. */
  readonly requestId: string;
  readonly deadline: Deadline;
}
