import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HaproxyRuntime } from '@tributary/operate/haproxy';
import { eventually, freePort, startProgram } from '@tributary/kit';

export interface Backend {
  readonly name: string;
  readonly port: number;
  /** Its part of the requests: 0 to 256. */
  readonly weight: number;
}

export interface Haproxy extends AsyncDisposable {
  /** Where clients come in, such as `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** Where its runtime API listens. */
  readonly socket: string;
  readonly runtime: HaproxyRuntime;
  /** Resolves when it sends requests to a server. */
  untilUp(server: string): Promise<void>;
}

export const backend = 'gateways';

/** HAProxy in front of gateways: it sends requests to those that are ready, and a refused connection to the next one. Throws when it is not installed. */
export async function startHaproxy(backends: readonly Backend[]): Promise<Haproxy> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'tributary-haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  const socket = join(folder, 'runtime.sock');
  const lines = [
    'global',
    `  stats socket ${socket} mode 600 level admin`,
    'defaults',
    '  mode http',
    '  timeout connect 2s',
    // A gateway on a busy machine is not away because it takes a while to say that it is ready.
    '  timeout check 3s',
    '  timeout client 1h',
    '  timeout server 1h',
    '  timeout tunnel 1h',
    '  retries 3',
    '  retry-on conn-failure',
    '  option redispatch 1',
    // A connection that stands idle may be closed by a gateway that stops, just when a request is written into it.
    '  option http-server-close',
    'frontend clients',
    `  bind 127.0.0.1:${port}`,
    '  maxconn 5000',
    `  default_backend ${backend}`,
    `backend ${backend}`,
    '  option httpchk GET /health/ready',
    '  http-check expect status 200',
    '  default-server check inter 500 fall 2 rise 1',
    ...backends.map((each) => `  server ${each.name} 127.0.0.1:${each.port} weight ${each.weight}`),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  const origin = `http://127.0.0.1:${port}`;
  const ready = async (): Promise<void> => {
    const { status } = await fetch(`${origin}/health/ready`);
    if (status !== 200) throw new Error(`HAProxy answers ${status}.`);
  };
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rmSync(folder, { recursive: true }));
  opened.use(
    await startProgram({
      program: 'haproxy',
      args: ['-f', file, '-q'],
      ready,
      readyMs: 30_000,
      debianPackage: 'haproxy',
    }),
  );
  const runtime = new HaproxyRuntime(socket);
  const kept = opened.move();
  return {
    origin,
    socket,
    runtime,
    async untilUp(server) {
      const isUp = async (): Promise<void> => {
        if (!(await runtime.servers(backend)).get(server)?.up) throw new Error(`${server} gets no requests.`);
      };
      await eventually(isUp, { timeoutMs: 30_000 });
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
