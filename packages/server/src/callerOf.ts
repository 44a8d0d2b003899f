import type { IncomingMessage } from 'node:http';
import { Deadline } from '@tributary/kernel';
import type { GraphqlContext } from './GraphqlContext.js';

/** The longest body that is read into memory. */
export const maxBodyBytes = 8 * 1024 * 1024;

export function header(req: IncomingMessage, name: string): string | null {
  const value = req.headers[name];
  return typeof value === 'string' ? value : null;
}

/** The signed caller with the time that is left to it: what it says, and `maxMs` at most. */
export function contextOf(
  req: IncomingMessage,
  caller: Pick<GraphqlContext, 'principal' | 'requestId'>,
  maxMs: number | null,
): GraphqlContext {
  const given = Number(header(req, 'x-tributary-deadline-ms'));
  const left = Number.isFinite(given) && given > 0 ? given : (maxMs ?? 60_000);
  return { ...caller, deadline: Deadline.in(maxMs === null ? left : Math.min(left, maxMs)) };
}
