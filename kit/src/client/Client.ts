import { createReadStream, statSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { System } from '../product/System.js';

export interface GraphqlAnswer {
  readonly data?: any;
  readonly errors?: readonly { message: string; extensions?: { code?: string; details?: unknown } }[];
}

export interface Answer {
  readonly status: number;
  readonly body: any;
}

export interface UploadSource {
  readonly name: string;
  /** A file on disk, or the content itself. */
  readonly file?: string;
  readonly content?: Buffer;
}

type Workspace = 'acme' | 'globex';

/** The owner of a demo workspace, over connections that stay open. */
export class Client {
  readonly origin: string;
  readonly #workspace: Workspace;
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Infinity });
  #token = '';
  #refreshAt = 0;

  constructor(system: Pick<System, 'origin'>, workspace: Workspace = 'acme') {
    this.origin = system.origin;
    this.#workspace = workspace;
  }

  /** What goes into the header `authorization`: signs in first when it has to. */
  async authorization(): Promise<string> {
    if (Date.now() >= this.#refreshAt) {
      const body = JSON.stringify({ email: `owner@${this.#workspace}.example`, password: 'tributary-demo' });
      const answer = await this.#post('/auth/login', { 'content-type': 'application/json' }, Readable.from([body]));
      if (answer.status !== 200)
        throw new Error(`Signing in answered ${answer.status}: ${JSON.stringify(answer.body)}`);
      this.#token = answer.body.accessToken;
      this.#refreshAt = Date.now() + answer.body.expiresInSeconds * 500;
    }
    return `Bearer ${this.#token}`;
  }

  async send(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer> {
    const body = Buffer.from(JSON.stringify({ query, variables }));
    const headers = {
      authorization: await this.authorization(),
      'content-type': 'application/json',
      'content-length': String(body.length),
    };
    return (await this.#post('/graphql', headers, Readable.from([body]))).body;
  }

  /** The data of an operation that must not fail. */
  async ask(query: string, variables: Record<string, unknown> = {}): Promise<any> {
    const answer = await this.send(query, variables);
    if (!answer.data || answer.errors)
      throw new Error(`${JSON.stringify(answer.errors ?? answer)} in answer to ${query}`);
    return answer.data;
  }

  async upload({ name, file, content }: UploadSource): Promise<Answer> {
    const bytes = file ? statSync(file).size : content!.length;
    const headers = {
      authorization: await this.authorization(),
      'content-type': 'application/octet-stream',
      'content-length': String(bytes),
    };
    const source = file ? createReadStream(file, { highWaterMark: 256 * 1024 }) : Readable.from([content!]);
    return this.#post(`/uploads?name=${encodeURIComponent(name)}`, headers, source);
  }

  /** Results of a subscription over graphql-ws, until the socket ends. */
  async *watch(query: string, variables: Record<string, unknown>): AsyncGenerator<GraphqlAnswer> {
    const client = createClient({
      url: `${this.origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: await this.authorization() },
      retryAttempts: 0,
    });
    try {
      yield* client.iterate({ query, variables }) as AsyncIterable<GraphqlAnswer>;
    } catch (reason) {
      // graphql-ws throws what it was told: GraphQL errors, or how the socket was closed.
      throw reason instanceof Error ? reason : new Error(JSON.stringify(reason), { cause: reason });
    } finally {
      await client.dispose();
    }
  }

  async healthy(): Promise<boolean> {
    const response = await fetch(`${this.origin}/health/ready`).catch(() => null);
    return response?.status === 200;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #post(path: string, headers: Record<string, string>, body: Readable): Promise<Answer> {
    const call = request(`${this.origin}${path}`, { method: 'POST', agent: this.#agent, headers });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      call.once('response', resolve);
      call.once('error', reject);
    });
    // A server that refuses an upload early closes the connection below it: what counts is its answer.
    pipeline(body, call).catch(() => undefined);
    const response = await answered;
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    return { status: response.statusCode ?? 0, body: text === '' ? null : JSON.parse(text) };
  }
}
