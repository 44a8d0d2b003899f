import { Agent, request } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

export type RequestHeaders = Readonly<Record<string, string>>;

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

// Lets go of a connection before the server does: one that is idle for five seconds is closed there.
const sharedAgent = new Agent({ keepAlive: true, maxSockets: 64, timeout: 4_000 });
const patienceMs = 15_000;

/**
 * One HTTP request over connections that stay open. Answers as it came, whatever its status. The length of a stream is to be said in
 * the headers.
 */
export function send(
  method: string,
  url: string,
  headers: RequestHeaders,
  body: string | Readable | null = null,
  agent = sharedAgent,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method,
      agent,
      headers: {
        ...headers,
        ...(typeof body === 'string' ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
      },
      timeout: patienceMs,
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${url} had no answer in ${patienceMs} ms.`)));
    // One that is given up after its patience may fail a second time as its connection closes.
    outgoing.on('error', reject);
    outgoing.once('response', (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', reject);
      incoming.once('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: headersOf(incoming.rawHeaders),
          text: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
    if (body === null || typeof body === 'string') outgoing.end(body ?? undefined);
    // A server that refuses an upload early closes the connection below it: what counts is its answer.
    else pipeline(body, outgoing).catch(() => undefined);
  });
}

/** POSTs JSON; a text is sent as it is. */
export function postJson(url: string, body: unknown, headers: RequestHeaders = {}, agent?: Agent): Promise<HttpAnswer> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return send('POST', url, { 'content-type': 'application/json', ...headers }, text, agent);
}

/** Names and values as they came, one after the other. */
function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let at = 0; at < raw.length; at += 2) headers.append(raw[at]!, raw[at + 1]!);
  return headers;
}
