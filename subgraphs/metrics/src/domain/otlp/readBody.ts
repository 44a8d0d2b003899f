import { Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CodedError, isCodedError } from '@tributary/contracts/errors';
import type { BytesInFlight } from './BytesInFlight.js';

export interface BodyLimits {
  /** After unzipping. */
  readonly maxBytes: number;
  readonly inFlight: BytesInFlight;
  readonly signal: AbortSignal;
}

export interface ReadBody extends Disposable {
  readonly bytes: Buffer;
}

/**
 * Reads a request's body whole, unzipped; its bytes count as in flight until the result is disposed. Throws QUOTA_EXCEEDED as soon as it has
 * grown over the limit, however small it was zipped, RATE_LIMIT_EXCEEDED when too much is in flight, INVALID_INPUT for what is no gzip or
 * breaks off.
 */
export async function readBody(body: Readable, gzip: boolean, limits: BodyLimits): Promise<ReadBody> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const collect = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        if (bytes + chunk.length > limits.maxBytes) throw tooLarge(limits.maxBytes);
        limits.inFlight.take(chunk.length);
        bytes += chunk.length;
        chunks.push(chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
  try {
    if (gzip) await pipeline(body, createGunzip(), collect, { signal: limits.signal });
    else await pipeline(body, collect, { signal: limits.signal });
  } catch (error) {
    limits.inFlight.give(bytes);
    if (isCodedError(error)) throw error;
    if (limits.signal.aborted)
      throw new CodedError(
        'SERVICE_UNAVAILABLE',
        'The body did not arrive in time. Send it again.',
        {},
        { cause: error },
      );
    throw new CodedError('INVALID_INPUT', gzip ? 'The body is no whole gzip.' : 'The body was broken off.');
  }
  return { bytes: Buffer.concat(chunks), [Symbol.dispose]: () => limits.inFlight.give(bytes) };
}

function tooLarge(maxBytes: number): CodedError {
  return new CodedError('QUOTA_EXCEEDED', `A request has at most ${maxBytes} bytes, unzipped. Send smaller batches.`, {
    limit: 'otlpBytes',
    maxBytes,
  });
}
