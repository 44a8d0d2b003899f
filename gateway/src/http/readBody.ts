import type { IncomingMessage } from 'node:http';
import { CodedError } from '@tributary/kernel';

/** Reads a JSON body. Throws QUOTA_EXCEEDED over `mostBytes`, INVALID_FORMAT or INVALID_INPUT for what is not JSON in UTF-8. */
export async function readJsonBody(request: IncomingMessage, mostBytes: number): Promise<unknown> {
  requireJson(request.headers['content-type']);
  if (request.headers['content-encoding'] && request.headers['content-encoding'] !== 'identity') {
    throw new UnsupportedBody('Send the body without compression.');
  }
  const text = await readText(request, mostBytes);
  try {
    return JSON.parse(text);
  } catch {
    throw new CodedError('INVALID_INPUT', 'The body is not valid JSON.');
  }
}

/** A body of a kind that is not taken; HTTP answers it with 415. */
export class UnsupportedBody extends CodedError {
  constructor(message: string) {
    super('INVALID_FORMAT', message);
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

async function readText(request: IncomingMessage, mostBytes: number): Promise<string> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > mostBytes) throw tooLarge(mostBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw tooLarge(mostBytes);
    chunks.push(chunk);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw new CodedError('INVALID_INPUT', 'The body is not valid UTF-8.');
  }
}

function tooLarge(mostBytes: number): CodedError {
  return new CodedError('QUOTA_EXCEEDED', `The body is larger than ${mostBytes} bytes.`, {
    limit: 'bodyBytes',
    mostBytes,
  });
}
