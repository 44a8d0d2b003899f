// A process of its own between a gateway and a subgraph. It is told the subgraph's port and tells its own. Once it is told to, it keeps
// each answer of the graph, and repeats it from then on.
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Kept {
  readonly status: number;
  readonly body: Buffer;
}

const to = Number(process.argv[2]);
/** By what was asked. */
const kept = new Map<string, Kept>();
let repeats = false;
const server = createServer((req, res) => void answer(req, res));
server.listen(0, '127.0.0.1', () => process.send!((server.address() as AddressInfo).port));
process.on('message', () => (repeats = true));
process.on('disconnect', () => process.exit(0));

async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
  if (req.url !== '/graphql' || !repeats) return pass(req, res, null);
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const key = body.toString('latin1');
  const known = kept.get(key);
  if (known) return void send(res, known);
  pass(req, res, { body, keep: (found) => kept.set(key, found) });
}

interface Asked {
  readonly body: Buffer;
  readonly keep: (found: Kept) => unknown;
}

function pass(req: IncomingMessage, res: ServerResponse, asked: Asked | null): void {
  const { method, url, headers } = req;
  const upstream = request({ host: '127.0.0.1', port: to, method, path: url, headers }, (from) => {
    const chunks: Buffer[] = [];
    from.on('data', (chunk: Buffer) => chunks.push(chunk));
    from.on('end', () => {
      const found = { status: from.statusCode ?? 502, body: Buffer.concat(chunks) };
      if (asked && found.status === 200) asked.keep(found);
      send(res, found);
    });
  });
  upstream.on('error', () => res.destroy());
  if (asked) upstream.end(asked.body);
  else req.pipe(upstream);
}

function send(res: ServerResponse, { status, body }: Kept): void {
  res.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length }).end(body);
}
