import { createReadStream, statSync } from 'node:fs';
import { Agent } from 'node:http';
import { Readable } from 'node:stream';
import type { System } from '../product/System.js';
import { send, type HttpAnswer } from './http.js';
import { openSocket, sendOperation, signIn } from './operations.js';

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
  /** Lets go of a connection before the server does: one that is idle for five seconds is closed there. */
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Infinity, timeout: 4_000 });
  #token = '';
  #refreshAt = 0;

  constructor(system: Pick<System, 'origin'>, workspace: Workspace = 'acme') {
    this.origin = system.origin;
    this.#workspace = workspace;
  }

  /** What goes into the header `authorization`: signs in first when it has to. */
  async authorization(): Promise<string> {
    if (Date.now() >= this.#refreshAt) {
      const email = `owner@${this.#workspace}.example`;
      const { accessToken, expiresInSeconds } = await signIn(this.origin, email, 'tributary-demo', this.#agent);
      this.#token = accessToken;
      this.#refreshAt = Date.now() + expiresInSeconds * 500;
    }
    return `Bearer ${this.#token}`;
  }

  async send(query: string, variables: Record<string, unknown> = {}): Promise<GraphqlAnswer> {
    const headers = { authorization: await this.authorization() };
    return answerOf(await sendOperation(this.origin, headers, { query, variables }, this.#agent)).body;
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
    const url = `${this.origin}/uploads?name=${encodeURIComponent(name)}`;
    return answerOf(await send('POST', url, headers, source, this.#agent));
  }

  /** Results of a subscription over graphql-ws, until the socket ends. */
  async *watch(query: string, variables: Record<string, unknown>): AsyncGenerator<GraphqlAnswer> {
    const client = openSocket(this.origin, await this.authorization());
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
}

function answerOf({ status, text }: HttpAnswer): Answer {
  return { status, body: text === '' ? null : JSON.parse(text) };
}
