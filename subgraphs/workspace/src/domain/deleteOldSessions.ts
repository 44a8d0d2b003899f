import { deleteOldRows } from '@tributary/data';
import type { Database } from '@tributary/data';
import { deleteTokens } from '../storage/sessionStatements.js';

/** Deletes refresh tokens that have expired, and sessions that are left without one, in all workspaces. Answers how many tokens. */
export function deleteOldSessions(database: Database): Promise<number> {
  return deleteOldRows(database, {
    turn: 'sessions',
    lookup: 'workspaces_with_old_refresh_tokens',
    before: new Date(),
    delete: deleteTokens,
  });
}
