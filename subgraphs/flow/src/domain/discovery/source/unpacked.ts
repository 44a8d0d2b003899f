import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SourceError } from '../sourceErrors.js';
import { sourceLimits } from '../sourceLimits.js';

/** The bytes of a source, unpacked when they are gzip. Throws SourceError for what becomes too large, and for damaged archives. */
export async function* unpacked(packed: Readable): AsyncGenerator<Buffer> {
  const chunks = packed[Symbol.asyncIterator]() as AsyncIterator<Buffer | string>;
  const first = await chunks.next();
  if (first.done === true) return;
  const head = Buffer.from(first.value as Buffer);
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next())
      yield Buffer.from(next.value as Buffer);
    return;
  }
  const gunzip = createGunzip();
  let packedBytes = 0;
  let bytes = 0;
  packed.once('error', (error) => gunzip.destroy(error));
  void (async () => {
    for (let next: IteratorResult<Buffer | string> = first; next.done !== true; next = await chunks.next()) {
      const chunk = Buffer.from(next.value as Buffer);
      packedBytes += chunk.length;
      if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once('drain', resolve).once('close', resolve));
    }
    gunzip.end();
  })().catch((error: unknown) => gunzip.destroy(error as Error));
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > sourceLimits.unpackedBytes || bytes > Math.max(packedBytes, 65_536) * sourceLimits.unpackedRatio)
        throw new SourceError(
          'WRONG_FORMAT',
          'The archive unpacks to far more than it should. Upload the file as it is.',
        );
      yield chunk;
    }
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError('TRUNCATED_SOURCE', 'The gzip file is damaged or not complete. Pack or upload it again.');
  } finally {
    gunzip.destroy();
  }
}
