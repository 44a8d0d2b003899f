import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UploadGone } from './UploadStore.js';
import type { UploadStore } from './UploadStore.js';

/** Uploads as files of one folder: for a single machine, or a volume that all processes share. */
export class DiskUploadStore implements UploadStore {
  constructor(private readonly folder: string) {}

  async put(key: string, body: Readable): Promise<void> {
    const path = this.path(key);
    const partial = `${path}.part`;
    try {
      // The body is listened to from the first moment: one that breaks while the folder is made fails this upload alone.
      await pipeline(body, async (chunks) => {
        await mkdir(dirname(path), { recursive: true });
        await pipeline(chunks, createWriteStream(partial, { mode: 0o600 }));
      });
      await rename(partial, path);
    } catch (error) {
      body.destroy();
      await rm(partial, { force: true });
      throw error;
    }
  }

  async open(key: string): Promise<Readable> {
    try {
      const file = await open(this.path(key), 'r');
      return file.createReadStream({ highWaterMark: 262_144 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UploadGone(key);
      throw error;
    }
  }

  async delete(key: string): Promise<void> {
    await rm(this.path(key), { force: true });
    await rm(`${this.path(key)}.part`, { force: true });
  }

  private path(key: string): string {
    if (!/^[\w-]+\/[\w-]+$/.test(key)) throw new Error(`${key} is no key of an upload.`);
    return join(this.folder, key);
  }
}
