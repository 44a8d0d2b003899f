import { createServer, type Server } from 'node:net';

export interface Reached {
  readonly address: string;
  readonly port: number;
}

/** Listens at every address of a network in which all addresses are this machine's, and closes whatever comes. */
export class Listeners implements AsyncDisposable {
  readonly reached: Reached[] = [];
  readonly #servers: Server[] = [];

  static async start(ports: readonly number[]): Promise<Listeners> {
    const listeners = new Listeners();
    for (const port of ports) {
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        listeners.reached.push({ address: socket.localAddress!.replace(/^::ffff:(?=\d+\.)/, ''), port });
        socket.destroy();
      });
      listeners.#servers.push(server);
      await new Promise<void>((resolve) => server.listen(port, '::', resolve));
    }
    return listeners;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => new Promise((resolve) => server.close(resolve))));
  }
}
