import { once } from 'node:events';
import { WebSocket } from 'ws';

/** A socket that speaks graphql-ws word by word. */
export class RawSocket {
  readonly received: Record<string, unknown>[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  private readonly waiting: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => {
      this.received.push(JSON.parse((data as Buffer).toString()) as Record<string, unknown>);
      for (const wake of this.waiting.splice(0)) wake();
    });
    this.closed = new Promise((resolve) =>
      socket.once('close', (code, reason) => resolve({ code, reason: String(reason) })),
    );
  }

  static async open(
    url: string,
    init?: Record<string, unknown> | null,
    headers: Record<string, string> = {},
  ): Promise<RawSocket> {
    const socket = new WebSocket(url, 'graphql-transport-ws', { headers });
    const raw = new RawSocket(socket);
    await once(socket, 'open');
    if (init !== undefined) {
      raw.send({ type: 'connection_init', ...(init ? { payload: init } : {}) });
      await Promise.race([raw.next('connection_ack'), raw.closed]);
    }
    return raw;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  subscribe(id: string, payload: unknown): void {
    this.send({ id, type: 'subscribe', payload });
  }

  /** The first message of this type (and id), among those that came and those to come. */
  async next(type: string, id?: string): Promise<Record<string, unknown>> {
    for (;;) {
      const index = this.received.findIndex(
        (message) => message['type'] === type && (id === undefined || message['id'] === id),
      );
      if (index >= 0) return this.received.splice(index, 1)[0]!;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** Messages of one operation until it is over. */
  async all(id: string): Promise<Record<string, unknown>[]> {
    for (;;) {
      const mine = this.received.filter((message) => message['id'] === id);
      const last = mine.at(-1);
      if (last?.['type'] === 'complete' || last?.['type'] === 'error') return mine;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** Looks every 10 ms. Counts its looks and not the clock: what others take of the machine is not held against what is awaited. */
export async function eventually(check: () => boolean, withinMs = 10_000): Promise<void> {
  for (let left = withinMs; !check(); left -= lookMs) {
    if (left <= 0) throw new Error('It did not come to pass.');
    await new Promise((resolve) => setTimeout(resolve, lookMs));
  }
}

const lookMs = 10;
