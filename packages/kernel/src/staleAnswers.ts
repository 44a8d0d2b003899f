import type { RequestContext } from './requestContext.js';

const stale = new WeakSet<RequestContext>();

/** Says that a part of a request's answer is older than it should be, since a new one could not be had. */
export function noteStaleAnswer(context: RequestContext): void {
  stale.add(context);
}

export function hasStaleAnswer(context: RequestContext): boolean {
  return stale.has(context);
}
