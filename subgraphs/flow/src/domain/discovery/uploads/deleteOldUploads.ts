import type { Database } from '@tributary/data';
import type { UploadStore } from '../../../storage/uploads/UploadStore.js';
import { condemnUpload, deleteUpload } from '../../../storage/uploadStatements.js';

const atOnce = 100;

/**
 * Deletes uploads that nobody has used for their time, and what is left of broken ones. First nobody may use it, then the bytes go, then
 * the row: whatever fails in between, the next sweep goes on. Answers how many.
 */
export async function deleteOldUploads(database: Database, uploads: UploadStore): Promise<number> {
  let deleted = 0;
  for (const row of await database.lookup('expired_uploads', [atOnce])) {
    const workspaceId = row['workspace_id'] as string;
    const uploadId = row['upload_id'] as string;
    const storageKey = await database.withWorkspace({ workspaceId }, (transaction) =>
      condemnUpload(transaction, uploadId),
    );
    if (storageKey === null) continue;
    await uploads.delete(storageKey);
    await database.withWorkspace({ workspaceId }, (transaction) => deleteUpload(transaction, uploadId));
    deleted += 1;
  }
  return deleted;
}
