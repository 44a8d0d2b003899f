import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpServer, ListenOptions } from './HttpServer.js';
import type { Readiness } from './Readiness.js';

export interface Gateway {
  /** Answers one HTTP request, for callers that have a server of their own. Upgrades are answered by `listen` only. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
  listen(options: ListenOptions): Promise<AddressInfo>;
  /** Where it listens. */
  readonly addresses: readonly AddressInfo[];
  /** Not ready any more; sockets are closed with 4442; what is in flight is finished, within `timeouts.drainMs`. */
  drain(): Promise<void>;
  /** Drains, then ends everything that is left. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface ServerParts {
  readonly server: HttpServer;
  readonly readiness: Readiness;
  /** How long a drain waits. */
  readonly drainMs: number;
  /** Sends long-lived clients away and waits for what is in flight. */
  readonly finish: () => Promise<unknown>;
  /** Ends what is left. */
  readonly end: () => Promise<void>;
}

/** Listening, draining and closing, in the order that loses nothing: not ready, no new connections, clients sent away, work finished, all closed. */
export function startedServer(parts: ServerParts): Gateway {
  const addresses: AddressInfo[] = [];
  let draining: Promise<void> | null = null;
  let closing: Promise<void> | null = null;

  const drain = async (): Promise<void> => {
    parts.readiness.drain();
    parts.server.stop();
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      Promise.all([parts.finish(), parts.server.whenIdle()]),
      new Promise((resolve) => {
        timer = setTimeout(resolve, parts.drainMs);
      }),
    ]);
    clearTimeout(timer);
  };
  const gateway: Gateway = {
    handle: (request, response) => parts.server.handle(request, response),
    async listen(where) {
      const address = await parts.server.listen(where);
      addresses.push(address);
      return address;
    },
    addresses,
    drain: () => (draining ??= drain()),
    close() {
      closing ??= gateway.drain().then(async () => {
        parts.server.kill();
        await parts.end();
      });
      return closing;
    },
    [Symbol.asyncDispose]: () => gateway.close(),
  };
  return gateway;
}
