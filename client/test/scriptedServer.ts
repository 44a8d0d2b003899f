import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { buildSchema, GraphQLError, print } from 'graphql';
import type { ExecutionArgs } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';

/** The real graph, so that what the client sends is validated. */
const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));

export interface Subscriber {
  /** 1, 2, 3 … of this server. */
  readonly number: number;
  readonly after: string | null;
  readonly variables: Record<string, any>;
  readonly socket: WebSocket;
}

export interface ScriptedEvent {
  readonly sequence: number;
  readonly cursor: string;
  readonly previousCursor: string | null;
  readonly type: string;
  readonly [field: string]: unknown;
}

export const cursorOf = (sequence: number) => `at-${sequence}`;

/** Event number `sequence` of the log that every scripted stream reads. */
export function logged(sequence: number, more: Record<string, unknown> = {}): ScriptedEvent {
  return {
    sequence,
    cursor: cursorOf(sequence),
    previousCursor: cursorOf(sequence - 1),
    type: 'phase.progressed',
    data: {},
    occurredAt: '2026-01-01T00:00:00.000Z',
    flow: { id: 'flow_1', status: 'RUNNING' },
    status: 'RUNNING',
    ...more,
  };
}

export const snapshotAt = (sequence: number, more: Record<string, unknown> = {}) =>
  logged(sequence, { type: 'stream.snapshot', previousCursor: null, ...more });
export const resetAt = (sequence: number) =>
  logged(sequence, { type: 'stream.reset', previousCursor: null, data: { reason: 'POSITION_GONE' } });

/** What a stream sends. One that throws a GraphQLError ends with an error message; it may do as it likes with `subscriber.socket`. */
export type Script = (subscriber: Subscriber) => AsyncIterable<ScriptedEvent>;

/** The events behind `after` up to `last`, as an honest server sends them: a snapshot first for those who have no position. */
export async function* honest(after: string | null, last: number): AsyncGenerator<ScriptedEvent> {
  if (after === null) yield snapshotAt(0);
  for (let sequence = Number((after ?? cursorOf(0)).slice(3)) + 1; sequence <= last; sequence += 1)
    yield logged(sequence);
}

export const forever = () => new Promise<never>(() => undefined);

/** A stream that is refused, and so never begins. */
export async function* refusal(code: string, details: object = {}): AsyncGenerator<ScriptedEvent> {
  throw new GraphQLError(`Refused with ${code}.`, { extensions: { code, details } });
}

/** A query or mutation that came, with its number on this server. */
export interface Question {
  readonly number: number;
  readonly text: string;
  readonly variables: Record<string, any>;
  readonly socket: WebSocket;
}

export class ScriptedServer implements AsyncDisposable {
  readonly subscribers: Subscriber[] = [];
  readonly questions: Question[] = [];
  readonly greetings: Record<string, unknown>[] = [];
  /** The most sockets that were open at once. */
  maxSockets = 0;
  /** Streams that are open now. */
  running = 0;

  private constructor(
    private readonly http: ReturnType<typeof createServer>,
    private readonly sockets: WebSocketServer,
  ) {}

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}/graphql`;
  }

  get openSockets(): number {
    return this.sockets.clients.size;
  }

  /** `greet` may close the socket instead; what it answers goes with connection_ack. */
  static async start(
    script: Script,
    greet: (socket: WebSocket, payload: Record<string, unknown>) => Record<string, unknown> | void = () => undefined,
    answer: (question: Question) => unknown = () => ({ data: {} }),
  ): Promise<ScriptedServer> {
    const http = createServer();
    const sockets = new WebSocketServer({ server: http, path: '/graphql' });
    const server = new ScriptedServer(http, sockets);
    sockets.on('connection', () => (server.maxSockets = Math.max(server.maxSockets, sockets.clients.size)));
    useServer(
      {
        schema,
        onConnect: (context) => {
          server.greetings.push(context.connectionParams ?? {});
          return greet(context.extra.socket, context.connectionParams ?? {}) ?? true;
        },
        context: (context) => context,
        execute: (args) => server.ask(answer, args) as never,
        subscribe: (args) => server.subscribe(script, args) as never,
        // As it is: the errors beside an event are formatted already.
        onNext: (_context, _id, _payload, _args, result) => result as never,
      },
      sockets,
    );
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return server;
  }

  cutAll(code?: number, reason?: string): void {
    for (const socket of this.sockets.clients) {
      if (code) socket.close(code, reason);
      else socket.terminate();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cutAll();
    this.sockets.close();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private ask(answer: (question: Question) => unknown, args: ExecutionArgs): unknown {
    const { socket } = (args.contextValue as { extra: { socket: WebSocket } }).extra;
    const variables = (args.variableValues ?? {}) as Record<string, any>;
    const question = { number: this.questions.length + 1, text: print(args.document), variables, socket };
    this.questions.push(question);
    return answer(question);
  }

  private subscribe(script: Script, args: ExecutionArgs): AsyncIterableIterator<unknown> {
    const variables = (args.variableValues ?? {}) as Record<string, any>;
    const socket = (args.contextValue as { extra: { socket: WebSocket } }).extra.socket;
    const subscriber = {
      number: this.subscribers.length + 1,
      after: (variables['after'] ?? null) as string | null,
      variables,
      socket,
    };
    this.subscribers.push(subscriber);
    this.running += 1;
    const operation = args.document.definitions[0] as any;
    const field = operation.selectionSet.selections[0].name.value as string;
    const steps = script(subscriber)[Symbol.asyncIterator]();
    let ended = false;
    let leave = () => undefined as unknown;
    const left = new Promise<IteratorResult<unknown>>(
      (resolve) => (leave = () => resolve({ value: undefined, done: true })),
    );
    const closed = () => void end();
    const end = async () => {
      if (!ended) this.running -= 1;
      ended = true;
      leave();
      socket.off('close', closed);
      return { value: undefined, done: true as const };
    };
    socket.once('close', closed);
    return {
      next: async () => {
        // A generator that waits would see `return` too late.
        const step = await Promise.race([steps.next(), left]).catch(async (error: unknown) => {
          await end();
          throw error;
        });
        if (step.done) return end();
        const { errors, ...event } = step.value as ScriptedEvent;
        return { value: { data: { [field]: event }, ...(errors ? { errors } : {}) }, done: false };
      },
      return: end,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
