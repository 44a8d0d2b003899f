import { deleteOldRows } from '@tributary/data';
import type { Database } from '@tributary/data';
import { deleteChunks } from '../storage/chunkStatements.js';

/** A flow that failed or was paused finds what it had written for this long, so that it writes nothing twice when it goes on. */
const keptDays = 30;

/** Forgets which chunks of an import were done, in all workspaces. Answers how many. */
export function deleteOldChunks(database: Database): Promise<number> {
  return deleteOldRows(database, {
    turn: 'asset chunks',
    lookup: 'workspaces_with_old_asset_chunks',
    before: new Date(Date.now() - keptDays * 86_400_000),
    delete: deleteChunks,
  });
}
