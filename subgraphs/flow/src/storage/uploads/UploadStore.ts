import type { Readable } from 'node:stream';

/** Where the bytes of uploads lie. Keys are `<workspace>/<upload>`: letters, digits, `-` and one `/`. */
export interface UploadStore {
  /** Stores the whole stream under the key. When the stream fails, nothing stays and the failure is thrown. */
  put(key: string, body: Readable): Promise<void>;
  /** The bytes from the beginning. The stream (or the promise) fails with UploadGone when there are none. */
  open(key: string): Promise<Readable>;
  /** Deletes what is there; nothing there is no fault. */
  delete(key: string): Promise<void>;
}

export class UploadGone extends Error {
  override readonly name = 'UploadGone';

  constructor(key: string) {
    super(`Nothing is stored under ${key}.`);
  }
}
