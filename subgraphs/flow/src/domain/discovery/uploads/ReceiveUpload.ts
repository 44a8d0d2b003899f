import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import { encodeId } from '@tributary/contracts/ids';
import { newUuid } from '@tributary/kernel';
import type { RequestContext } from '@tributary/kernel';
import type { StoredUpload } from '@tributary/contracts/commands';
import { scopeOf } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import type { Database } from '@tributary/data';
import type { Logger } from '@tributary/observability';
import { UploadRow } from '../../../storage/UploadRow.js';
import type { UploadStore } from '../../../storage/uploads/UploadStore.js';
import { deleteUpload } from '../../../storage/uploadStatements.js';
import { checkText } from '../../flow/checkText.js';
import { maxUploadBytes, uploadKeptMs, uploadUnderWayMs } from './uploadLimits.js';

export interface ReceiveUploadParts {
  readonly database: Database;
  readonly uploads: UploadStore;
  readonly logger: Logger;
  /** Default 200 MB. */
  readonly maxBytes?: number;
}

/**
 * Takes a source file into the upload store. Its row is there before its bytes, so that whatever goes wrong in between, the sweeper
 * knows what to delete.
 */
export class ReceiveUpload {
  constructor(private readonly parts: ReceiveUploadParts) {}

  async receive(context: RequestContext, input: { readonly name: string }, body: Readable): Promise<StoredUpload> {
    const { database, uploads } = this.parts;
    const scope = scopeOf(context);
    const id = newUuid();
    const storageKey = `${scope.workspaceId}/${id}`;
    const name = checkText(input.name, 'name', 255);
    await database.withWorkspace(scope, (transaction) =>
      transaction
        .repository(UploadRow)
        .insert('upload.begin', [
          { id, name, state: 'STORING', storageKey, expiresAt: new Date(Date.now() + uploadUnderWayMs) },
        ]),
    );
    const measure = new Measure(this.parts.maxBytes ?? maxUploadBytes);
    try {
      const cutOff = () => {
        if (!body.readableEnded)
          measure.destroy(new CodedError('INVALID_INPUT', 'The upload was cut off. Send the file again.'));
      };
      body.once('error', cutOff).once('close', cutOff);
      await uploads.put(storageKey, body.pipe(measure));
      if (measure.bytes === 0)
        throw new CodedError('INVALID_INPUT', 'The upload is empty. Send the file as the request’s raw body.', {
          field: 'body',
        });
      const { bytes, sha256 } = measure.result();
      await database.withWorkspace(scope, async (transaction) => {
        const stored = await transaction.repository(UploadRow).update('upload.finish', id, {
          state: 'READY',
          bytes,
          sha256,
          expiresAt: new Date(Date.now() + uploadKeptMs),
        });
        if (!stored) throw new Error(`Upload ${id} was swept while its bytes came in.`);
        audit(transaction, {
          actor: context.principal.actor,
          action: 'upload.create',
          entityType: 'Upload',
          entityId: encodeId('upload', id),
          before: null,
          after: { name, bytes, sha256 },
          requestId: context.requestId,
        });
      });
      return { uploadId: encodeId('upload', id), bytes, sha256 };
    } catch (error) {
      // What still comes in is thrown away, not refused: the sender must be able to read the answer.
      body.unpipe(measure);
      body.resume();
      await this.clear(scope.workspaceId, id, storageKey);
      if (isCodedError(error)) throw error;
      throw new CodedError(
        'SERVICE_UNAVAILABLE',
        'The upload could not be stored whole. Send the file again.',
        {},
        { cause: error },
      );
    }
  }

  private async clear(workspaceId: string, id: string, storageKey: string): Promise<void> {
    try {
      await this.parts.uploads.delete(storageKey);
      await this.parts.database.withWorkspace({ workspaceId }, (transaction) => deleteUpload(transaction, id));
    } catch (err) {
      this.parts.logger.warn(
        { err, workspaceId, uploadId: id },
        'a broken upload could not be cleared; the sweeper will do it',
      );
    }
  }
}

/** Counts and hashes what passes, and fails above the limit. */
class Measure extends Transform {
  bytes = 0;
  private readonly hash = createHash('sha256');

  constructor(private readonly most: number) {
    super();
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: (error: Error | null, chunk?: Buffer) => void): void {
    this.bytes += chunk.length;
    if (this.bytes > this.most) {
      const message = `An upload has at most ${Math.round(this.most / 1_048_576)} MB. Split the source into several files.`;
      done(new CodedError('QUOTA_EXCEEDED', message, { limit: 'uploadBytes', most: this.most }));
      return;
    }
    this.hash.update(chunk);
    done(null, chunk);
  }

  result(): { bytes: number; sha256: string } {
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }
}
