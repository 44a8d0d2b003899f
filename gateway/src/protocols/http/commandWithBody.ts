import { Transform, type Readable } from 'node:stream';
import type { CodedError } from '@tributary/contracts/errors';
import type { HttpExchange } from './HttpExchange.js';

export interface BodyPassedOn {
  readonly maxBytes: number;
  readonly tooLarge: () => CodedError;
  readonly brokenOff: () => CodedError;
  /** What is handed on, where it is a part of the body. Default: the whole of it. */
  readonly source?: Readable;
}

/**
 * Hands a request's body on as a stream, in pieces, never whole in memory. A client that hangs up, or sends more than it may, breaks the
 * stream, so that the other side keeps nothing of it.
 */
export async function commandWithBody<Output>(
  { request }: HttpExchange,
  { maxBytes, tooLarge, brokenOff, source = request }: BodyPassedOn,
  work: (body: Readable) => Promise<Output>,
): Promise<Output> {
  let bytes = 0;
  let failure: CodedError | null = null;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes <= maxBytes) {
        done(null, chunk);
        return;
      }
      failure = tooLarge();
      done(failure);
    },
  });
  request.once('close', () => {
    if (!request.complete) counted.destroy(brokenOff());
  });
  counted.on('error', () => source.unpipe(counted));
  if (source !== request) {
    // What was wrong with a part may be known before anybody reads it.
    if (source.errored) throw source.errored;
    source.on('error', (error) => counted.destroy(error));
  }
  source.pipe(counted);
  try {
    return await work(counted);
  } catch (error) {
    throw failure ?? error;
  } finally {
    counted.destroy();
  }
}
