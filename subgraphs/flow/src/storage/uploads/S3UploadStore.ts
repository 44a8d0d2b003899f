import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { S3ClientConfig } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { UploadGone } from './UploadStore.js';
import type { UploadStore } from './UploadStore.js';

export interface S3UploadStoreOptions {
  readonly bucket: string;
  /** In front of every key, such as "uploads/". Default none. */
  readonly prefix?: string;
  /** Region, endpoint, credentials, forcePathStyle: as the AWS SDK takes them. What is absent it finds by its own rules. */
  readonly client: S3ClientConfig;
}

/** Uploads as objects of a bucket, of Amazon S3 or of anything that speaks its protocol. */
export class S3UploadStore implements UploadStore, AsyncDisposable {
  private readonly client: S3Client;

  constructor(private readonly options: S3UploadStoreOptions) {
    this.client = new S3Client({
      // Other servers do not know the checksums that newer SDKs add by themselves.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      ...options.client,
    });
  }

  async put(key: string, body: Readable): Promise<void> {
    const relayed = new PassThrough();
    const upload = new Upload({
      client: this.client,
      params: { Bucket: this.options.bucket, Key: this.objectKey(key), Body: relayed },
      queueSize: 2,
      partSize: 8 * 1_048_576,
    });
    const stored = upload.done();
    stored.catch(() => undefined);
    try {
      await Promise.all([pipeline(body, relayed), stored]);
    } catch (error) {
      body.destroy();
      relayed.destroy();
      await upload.abort().catch(() => undefined);
      await stored.catch(() => undefined);
      throw error;
    }
  }

  async open(key: string): Promise<Readable> {
    try {
      const object = await this.client.send(
        new GetObjectCommand({ Bucket: this.options.bucket, Key: this.objectKey(key) }),
      );
      return object.Body as Readable;
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey' || (error as Error).name === 'NotFound') throw new UploadGone(key);
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.options.bucket, Key: this.objectKey(key) }));
  }

  close(): void {
    this.client.destroy();
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.close();
    return Promise.resolve();
  }

  private objectKey(key: string): string {
    return `${this.options.prefix ?? ''}${key}`;
  }
}
