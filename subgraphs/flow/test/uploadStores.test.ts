import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
// @ts-expect-error The package has no types.
import S3rver from 's3rver';
import { DiskUploadStore, S3UploadStore } from '@tributary/subgraph-flow';
import type { UploadStore } from '@tributary/subgraph-flow';

interface StoreUnderTest {
  readonly store: UploadStore;
  /** Names of everything that is stored, of whatever form. */
  list(): Promise<string[]>;
  close(): Promise<void>;
}

async function onDisk(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-store-'));
  const files = async () =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
  return { store: new DiskUploadStore(folder), list: files, close: () => rm(folder, { recursive: true, force: true }) };
}

async function onS3(): Promise<StoreUnderTest> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-s3-'));
  const server = new S3rver({
    port: 0,
    address: '127.0.0.1',
    silent: true,
    directory: folder,
    configureBuckets: [{ name: 'uploads', configs: [] }],
  });
  const { port } = await server.run();
  const store = new S3UploadStore({
    bucket: 'uploads',
    prefix: 'tributary/',
    client: {
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      forcePathStyle: true,
      credentials: { accessKeyId: 'S3RVER', secretAccessKey: 'S3RVER' },
    },
  });
  const objects = async () =>
    (await readdir(join(folder, 'uploads'), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile() && entry.name.endsWith('_object'))
      .map((entry) => entry.name);
  return {
    store,
    list: objects,
    close: async () => {
      await store[Symbol.asyncDispose]();
      await server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

describe.each([
  ['a folder', onDisk],
  ['a bucket that speaks S3', onS3],
])('%s', (_, open) => {
  let under: StoreUnderTest;

  beforeAll(async () => {
    under = await open();
  });

  afterAll(async () => {
    await under.close();
  });

  test('gives back what it was given', async () => {
    const content = randomBytes(300_000);
    await under.store.put('workspace/one', Readable.from([content.subarray(0, 1_000), content.subarray(1_000)]));
    expect((await buffer(await under.store.open('workspace/one'))).equals(content)).toBe(true);
    await under.store.delete('workspace/one');
  });

  test('takes what is larger than a part, without holding it whole', async () => {
    const piece = randomBytes(1_048_576);
    const digest = createHash('sha256');
    function* pieces() {
      for (let count = 0; count < 20; count += 1) {
        digest.update(piece);
        yield piece;
      }
    }
    await under.store.put('workspace/large', Readable.from(pieces()));
    const read = createHash('sha256');
    for await (const chunk of await under.store.open('workspace/large')) read.update(chunk as Buffer);
    expect(read.digest('hex')).toBe(digest.digest('hex'));
    await under.store.delete('workspace/large');
  });

  test('can be read by several at once, and left early', async () => {
    await under.store.put('workspace/shared', Readable.from([randomBytes(500_000)]));
    const [left, whole] = await Promise.all([
      under.store.open('workspace/shared'),
      under.store.open('workspace/shared'),
    ]);
    for await (const chunk of left) {
      expect((chunk as Buffer).length).toBeGreaterThan(0);
      break;
    }
    expect(await buffer(whole)).toHaveLength(500_000);
    await under.store.delete('workspace/shared');
  });

  test.each([0, 20])('keeps nothing of a stream that broke after %i ms', async (milliseconds) => {
    const body = new PassThrough();
    const stored = under.store.put('workspace/broken', body);
    body.write(randomBytes(100_000));
    if (milliseconds === 0) process.nextTick(() => body.destroy(new Error('cut off')));
    else setTimeout(() => body.destroy(new Error('cut off')), milliseconds);
    await expect(stored).rejects.toThrow('cut off');
    expect(await under.list()).toEqual([]);
    await expect(under.store.open('workspace/broken')).rejects.toMatchObject({ name: 'UploadGone' });
  });

  test('says so when there is nothing', async () => {
    await expect(under.store.open('workspace/nothing')).rejects.toMatchObject({ name: 'UploadGone' });
  });

  test('deletes what is there, and does not mind when nothing is', async () => {
    await under.store.put('workspace/gone', Readable.from([Buffer.from('x')]));
    await under.store.delete('workspace/gone');
    await under.store.delete('workspace/gone');
    expect(await under.list()).toEqual([]);
  });
});
