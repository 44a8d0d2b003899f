import type { IncomingMessage } from 'node:http';
import { CodedError } from '@tributary/contracts/errors';
import { readJson } from './readJson.js';

/** How long a body may take that is not given a time of its own. */
const defaultMs = 10_000;

/**
 * Reads a JSON body. Throws QUOTA_EXCEEDED over `maxBytes`, INVALID_FORMAT or INVALID_INPUT for what is not JSON in UTF-8 or would not
 * arrive as it was sent, BodyTooSlow for what has not come within `maxMs`.
 */
export async function readJsonBody(request: IncomingMessage, maxBytes: number, maxMs = defaultMs): Promise<unknown> {
  const text = await readTextBody(request, maxBytes, maxMs);
  return readJson(text, () => new CodedError('INVALID_INPUT', 'The body is not valid JSON.'));
}

/** Reads a body that should be JSON as the text that came. Throws as `readJsonBody` does, save for what is wrong with the JSON itself. */
export function readTextBody(request: IncomingMessage, maxBytes: number, maxMs = defaultMs): Promise<string> {
  requireJson(request.headers['content-type']);
  if (request.headers['content-encoding'] && request.headers['content-encoding'] !== 'identity') {
    throw new UnsupportedBody('Send the body without compression.');
  }
  return readText(request, maxBytes, maxMs);
}

/** A body of a kind that is not taken; HTTP answers it with 415. */
export class UnsupportedBody extends CodedError {
  constructor(message: string) {
    super('INVALID_FORMAT', message);
  }
}

/** A body that does not come to its end; HTTP answers it with 408. */
export class BodyTooSlow extends CodedError {
  constructor() {
    super('INVALID_INPUT', 'The body took too long to arrive.', { limit: 'bodyTime' });
  }
}

/** Only JSON: a page of another site can send forms and plain text without being asked, JSON it cannot. */
function requireJson(contentType: string | undefined): void {
  const [type, ...parameters] = (contentType ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') throw new UnsupportedBody('Send the body as application/json.');
  const charset = parameters
    .find((parameter) => parameter.startsWith('charset='))
    ?.slice(8)
    .replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8')
    throw new UnsupportedBody('Send the body in UTF-8.');
}

async function readText(request: IncomingMessage, maxBytes: number, maxMs: number): Promise<string> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBytes) throw tooLarge(maxBytes);
  const body = await readBytes(request, maxBytes, maxMs);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw new CodedError('INVALID_INPUT', 'The body is not valid UTF-8.');
  }
}

/** Listens rather than iterates: an iterator that is left early destroys the request, and with it the way of the answer. */
function readBytes(request: IncomingMessage, maxBytes: number, maxMs: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const stop = (): void => {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd).off('close', onClose).pause();
    };
    const refuse = (error: CodedError): void => {
      stop();
      reject(error);
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes > maxBytes) refuse(tooLarge(maxBytes));
      else chunks.push(chunk);
    };
    const onEnd = (): void => {
      stop();
      resolve(Buffer.concat(chunks));
    };
    const onClose = (): void => refuse(new CodedError('INVALID_INPUT', 'The body was broken off.'));
    const timer = setTimeout(() => refuse(new BodyTooSlow()), maxMs);
    timer.unref();
    // What breaks a request closes it as well.
    request.on('error', () => undefined);
    request.on('data', onData).on('end', onEnd).on('close', onClose);
  });
}

function tooLarge(maxBytes: number): CodedError {
  return new CodedError('QUOTA_EXCEEDED', `The body is larger than ${maxBytes} bytes.`, {
    limit: 'bodyBytes',
    mostBytes: maxBytes,
  });
}
