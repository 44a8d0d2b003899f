import { Agent, request } from 'node:http';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const patienceMs = 15_000;

/** One HTTP request over connections that stay open. Answers as it came, whatever its status. */
export function send(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string | null = null,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method,
      agent,
      headers: { ...headers, ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }) },
      timeout: patienceMs,
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${method} ${url} had no answer in ${patienceMs} ms.`)));
    outgoing.once('error', reject);
    outgoing.once('response', (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.once('error', reject);
      incoming.once('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          text: Buffer.concat(parts).toString('utf8'),
        }),
      );
    });
    outgoing.end(body);
  });
}

/** An operation as clients send it. */
export interface Operation {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Sends an operation to a gateway. */
export function sendOperation(
  origin: string,
  headers: Readonly<Record<string, string>>,
  operation: Operation,
): Promise<HttpAnswer> {
  return send(
    'POST',
    `${origin}/graphql`,
    { 'content-type': 'application/json', ...headers },
    JSON.stringify(operation),
  );
}

/** Runs an operation that must succeed and answers its data. */
export async function ask(
  origin: string,
  headers: Readonly<Record<string, string>>,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<any> {
  const answer = await sendOperation(origin, headers, { query, variables });
  const body = JSON.parse(answer.text) as { data?: unknown; errors?: unknown };
  if (body.errors) throw new Error(`${JSON.stringify(body.errors)} in answer to ${query} ${JSON.stringify(variables)}`);
  return body.data;
}
