import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** One operation of the audit, with the answer that is right. `errors`: whether there are any; absent where both will do. */
export interface AuditCase {
  readonly query: string;
  readonly expected: { readonly data?: unknown; readonly errors?: boolean };
}

/** The audit's own server: supergraphs, their subgraphs, and what is asked of them. */
export class AuditServer implements AsyncDisposable {
  private readonly process: ChildProcess;
  private readonly url: string;

  private constructor(process: ChildProcess, url: string) {
    this.process = process;
    this.url = url;
  }

  /** `folder`: a checkout of the audit in which its packages are installed. */
  static async start(folder: string): Promise<AuditServer> {
    const port = await freePort();
    const child = spawn(process.execPath, ['--import', 'tsx', join('src', 'cli.ts'), 'serve', '--port', String(port)], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const server = new AuditServer(child, `http://localhost:${port}`);
    for (let tries = 0; ; tries += 1) {
      if (child.exitCode !== null)
        throw new Error(`The audit in ${folder} does not start. Are its packages installed?`);
      try {
        await server.suites();
        return server;
      } catch (error) {
        if (tries === maxTries) throw error;
        await delay(250);
      }
    }
  }

  suites(): Promise<string[]> {
    return this.read('ids');
  }

  async supergraph(suite: string): Promise<string> {
    return (await fetch(`${this.url}/${suite}/supergraph`)).text();
  }

  cases(suite: string): Promise<AuditCase[]> {
    return this.read(`${suite}/tests`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.process.exitCode !== null) return;
    const ended = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await ended;
  }

  private async read<Answer>(path: string): Promise<Answer> {
    return (await (await fetch(`${this.url}/${path}`)).json()) as Answer;
  }
}

const maxTries = 240;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
