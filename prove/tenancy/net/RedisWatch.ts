import { connect, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { canariesIn } from '../world/canaries.ts';
import type { Judge } from './Judge.ts';

/** Hears every command that Redis gets, published messages included. None may carry a text of any tenant. */
export class RedisWatch implements AsyncDisposable {
  readonly #socket: Socket;
  readonly #lines: string[] = [];

  constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.#socket = connect(Number(port), hostname);
    this.#socket.on('error', () => undefined);
    createInterface({ input: this.#socket }).on('line', (line) => this.#lines.push(line));
    this.#socket.write('MONITOR\r\n');
  }

  /** Judges what was said since the last time, and answers how many commands that was. */
  check(judge: Judge, workspaceIds: readonly string[]): number {
    const lines = this.#lines.splice(0);
    for (const line of lines) {
      const [canary] = canariesIn(line);
      if (canary) judge.report('redis', 'a command', line);
      if (
        /"(set|publish|spublish|hset|eval|evalsha)"/i.test(line) &&
        workspaceIds.filter((id) => line.includes(id)).length > 1
      )
        judge.report('redis', 'a command of two workspaces', line);
    }
    return lines.length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#socket.destroy();
  }
}
