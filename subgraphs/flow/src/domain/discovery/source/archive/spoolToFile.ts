import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file that is gone when it is closed. */
export interface SpooledFile extends AsyncDisposable {
  readonly path: string;
}

/** Bytes as a file: a ZIP tells what is in it at its end, so it cannot be read as it comes. */
export async function spoolToFile(bytes: AsyncIterable<Uint8Array>): Promise<SpooledFile> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-source-'));
  const path = join(folder, 'source');
  const close = () => rm(folder, { recursive: true, force: true });
  try {
    await pipeline(Readable.from(bytes), createWriteStream(path, { mode: 0o600 }));
  } catch (error) {
    await close();
    throw error;
  }
  return { path, [Symbol.asyncDispose]: close };
}
