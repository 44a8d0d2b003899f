import { PassThrough } from 'node:stream';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { UploadGone } from './UploadStore.js';
import type { UploadStore } from './UploadStore.js';

export interface S3UploadStoreOptions {
  readonly bucket: string;
  /** In front of every key, such as "uploads/". Default none. */
  readonly prefix?: string;
  /** Region, endpoint, credentials, forcePathStyle: as the AWS SDK takes them. What is absent it finds by its own rules. */
  readonly client: S3ClientConfig;
}

/** 6 MB in each thread, for those alone that use a bucket. */
async function loadSdk() {
  const [s3, { Upload }] = await Promise.all([import('@aws-sdk/client-s3'), import('@aws-sdk/lib-storage')]);
  return { ...s3, Upload };
}

/** Uploads as objects of a bucket, of Amazon S3 or of anything that speaks its protocol. */
export class S3UploadStore implements UploadStore, AsyncDisposable {
  private opened: Promise<Awaited<ReturnType<typeof loadSdk>> & { client: S3Client }> | null = null;

  constructor(private readonly options: S3UploadStoreOptions) {}

  async put(key: string, body: Readable): Promise<void> {
    const { client, Upload } = await this.connect();
    const relayed = new PassThrough();
    const upload = new Upload({
      client,
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
    const { client, GetObjectCommand } = await this.connect();
    try {
      const object = await client.send(new GetObjectCommand({ Bucket: this.options.bucket, Key: this.objectKey(key) }));
      return object.Body as Readable;
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey' || (error as Error).name === 'NotFound') throw new UploadGone(key);
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    const { client, DeleteObjectCommand } = await this.connect();
    await client.send(new DeleteObjectCommand({ Bucket: this.options.bucket, Key: this.objectKey(key) }));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.opened) (await this.opened).client.destroy();
  }

  private connect() {
    return (this.opened ??= loadSdk().then((sdk) => ({
      ...sdk,
      client: new sdk.S3Client({
        // Other servers do not know the checksums that newer SDKs add by themselves.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        ...this.options.client,
      }),
    })));
  }

  private objectKey(key: string): string {
    return `${this.options.prefix ?? ''}${key}`;
  }
}
