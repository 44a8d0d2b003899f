import { deleteOldIdempotencyKeys, deleteOldRows } from '@tributary/data';
import type { Database } from '@tributary/data';
import { retireEvents } from '@tributary/events';
import { deleteTokens } from '../storage/sessionStatements.js';

/**
 * Takes away what has had its time, in all workspaces: events beyond replay, idempotency keys, refresh tokens that have expired, and
 * sessions without one. Any number of processes may call it; one at a time works.
 */
export async function keepHouse(database: Database, eventRetentionHours: number): Promise<void> {
  await retireEvents(database, new Date(Date.now() - eventRetentionHours * 3_600_000));
  await deleteOldIdempotencyKeys(database);
  await deleteOldSessions(database);
}

function deleteOldSessions(database: Database): Promise<number> {
  return deleteOldRows(database, {
    turn: 'sessions',
    lookup: 'workspaces_with_old_refresh_tokens',
    before: new Date(),
    delete: deleteTokens,
  });
}
