import { CodedError } from '@tributary/contracts/errors';
import { checkedFirst, positionAfter, scopeOf, toPage } from '@tributary/data';
import type { Database, Page, PageRequest } from '@tributary/data';
import type { RequestContext } from '@tributary/kernel';
import { listSessions, sessionTotals } from '../storage/sessionStatements.js';
import type { ListedSession, SessionPosition, SessionSelection, SessionTotals } from '../storage/sessionStatements.js';
import { checkedRange } from './timeRange.js';

export type { SessionTotals } from '../storage/sessionStatements.js';

const listName = 'agentSession';
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Sessions with a trace in the range, the last used first. */
export async function readSessions(
  database: Database,
  context: RequestContext,
  request: PageRequest & SessionSelection,
): Promise<Page<ListedSession>> {
  const range = checkedRange(request);
  const first = checkedFirst(request.first);
  // No stored text has a NUL, and PostgreSQL takes none.
  if ([request.user, request.search].some((text) => text?.includes('\0')))
    return toPage(listName, request, [], () => []);
  const selection = { ...range, user: request.user, search: request.search };
  const rows = await database.read(scopeOf(context), listSessions(selection, readPosition(request.after), first + 1));
  return toPage(listName, request, rows, (session) => [session.lastId, session.sessionId]);
}

/** By its sender's id; null when no trace names it. */
export async function readSession(
  database: Database,
  context: RequestContext,
  sessionId: string,
): Promise<SessionTotals | null> {
  if (sessionId.includes('\0')) return null;
  const [session] = await database.read(scopeOf(context), sessionTotals(sessionId));
  return session ?? null;
}

function readPosition(after: string | null): SessionPosition | null {
  const position = positionAfter(listName, after, 2);
  if (!position) return null;
  const [lastId, sessionId] = position;
  if (typeof lastId !== 'string' || !uuid.test(lastId) || typeof sessionId !== 'string' || sessionId.includes('\0'))
    throw new CodedError('INVALID_INPUT', 'This cursor is not one that this list gave out. Start again without it.', {
      field: 'after',
    });
  return { lastId, sessionId };
}
