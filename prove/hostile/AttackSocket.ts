import { once } from 'node:events';
import { WebSocket } from 'ws';

/** Fewer than a socket may send in a burst, so that each operation is refused for what it is. */
const operationsPerSocket = 40;

/** Sends payloads as subscribe messages, over a new graphql-ws socket now and then. */
export class AttackSocket implements AsyncDisposable {
  readonly #url: string;
  readonly #authorization: string;
  #socket: WebSocket | null = null;
  #sent = 0;

  constructor(url: string, authorization: string) {
    this.#url = url;
    this.#authorization = authorization;
  }

  /** The message that answers it, or how the socket was closed. */
  async send(payload: string): Promise<string> {
    if (this.#sent >= operationsPerSocket) this.#drop();
    const socket = (this.#socket ??= await this.#open());
    const id = `o${(this.#sent += 1)}`;
    return new Promise((resolve, reject) => {
      const done = (answer: string): void => {
        socket.off('message', onMessage);
        socket.off('close', onClose);
        resolve(answer);
      };
      const onMessage = (data: Buffer): void => {
        const text = data.toString();
        if (text.includes(`"id":"${id}"`)) done(text);
      };
      const onClose = (code: number): void => {
        this.#drop();
        // graphql-ws closes for what is no message of its protocol, with a code of its own.
        done(code >= 4400 && code < 4500 ? '"code":"SOCKET_CLOSED"' : `closed with ${code}`);
      };
      socket.on('message', onMessage);
      socket.once('close', onClose);
      socket.send(`{"id":"${id}","type":"subscribe","payload":${payload}}`, (error) => error && reject(error));
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#drop();
  }

  async #open(): Promise<WebSocket> {
    const socket = new WebSocket(this.#url, 'graphql-transport-ws');
    socket.on('error', () => undefined);
    await once(socket, 'open');
    socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: this.#authorization } }));
    await once(socket, 'message');
    return socket;
  }

  #drop(): void {
    this.#socket?.terminate();
    this.#socket = null;
    this.#sent = 0;
  }
}
