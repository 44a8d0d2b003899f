import { CodedError } from '@tributary/contracts/errors';
import type { SourceFormat } from '@tributary/contracts/values';
import type { RequestContext } from '@tributary/kernel';
import { scopeOf } from '@tributary/data';
import type { Database } from '@tributary/data';
import { UploadGone, type UploadStore } from '../../../storage/uploads/UploadStore.js';
import { findUpload } from '../../../storage/uploadStatements.js';
import { inspectSource } from '../source/archive/inspectSource.js';
import { isSourceError } from '../sourceErrors.js';

/** Looks at an upload before a flow is started with it: what cannot be read in any way is refused at once. */
export class InspectUpload {
  constructor(
    private readonly database: Database,
    private readonly uploads: UploadStore,
  ) {}

  /** Throws INVALID_INPUT with the reason. An upload that is gone is left to whoever starts the flow. */
  async inspect(
    context: RequestContext,
    uploadUuid: string,
    format: SourceFormat,
    sheet: string | null,
  ): Promise<void> {
    const [upload] = await this.database.read(scopeOf(context), findUpload(uploadUuid));
    if (!upload) return;
    try {
      await inspectSource(await this.uploads.open(upload.storageKey), format, sheet);
    } catch (error) {
      if (error instanceof UploadGone) return;
      if (!isSourceError(error)) throw error;
      const field = error.code === 'NO_SUCH_SHEET' ? 'source.sheet' : 'source.uploadId';
      throw new CodedError('INVALID_INPUT', error.message, { field, reason: error.code });
    }
  }
}
