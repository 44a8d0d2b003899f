import { EmbeddedPostgres } from '@tributary/postgres';
import { descendants } from '@tributary/kit/measure';

/** A PostgreSQL that can be killed and comes back on the same port with what it had committed. */
export class PostgresServer {
  readonly port: number;
  readonly #folder: string;
  #server: EmbeddedPostgres;
  #gone: Promise<void>;

  private constructor(folder: string, server: EmbeddedPostgres, gone: Promise<void>) {
    this.#folder = folder;
    this.#server = server;
    this.#gone = gone;
    this.port = server.port;
  }

  static async start(folder: string): Promise<PostgresServer> {
    const { server, gone } = await launch(folder, 0);
    return new PostgresServer(folder, server, gone);
  }

  /** Of the superuser, past every proxy. */
  get url(): string {
    return this.#server.url();
  }

  /** SIGKILL: to the first process alone, which takes the others with it, or to all at once. */
  async kill(all: boolean): Promise<void> {
    const { pid } = this.#server;
    for (const each of all ? [pid, ...descendants(pid)] : [pid]) signal(each, 'SIGKILL');
    await this.#gone;
  }

  /** Resolves when it takes connections again. */
  async restart(): Promise<void> {
    ({ server: this.#server, gone: this.#gone } = await launch(this.#folder, this.port));
  }

  freeze(): void {
    const { pid } = this.#server;
    for (const each of [pid, ...descendants(pid)]) signal(each, 'SIGSTOP');
  }

  thaw(): void {
    const { pid } = this.#server;
    for (const each of [...descendants(pid), pid]) signal(each, 'SIGCONT');
  }

  async destroy(): Promise<void> {
    await this.#server.destroy();
  }
}

async function launch(folder: string, port: number): Promise<{ server: EmbeddedPostgres; gone: Promise<void> }> {
  let tell = (): void => undefined;
  const gone = new Promise<void>((resolve) => (tell = resolve));
  const server = await EmbeddedPostgres.start({
    dataDirectory: folder,
    port,
    maxConnections: 200,
    // A killed process loses nothing that it has handed to the system: only a crash of the machine would.
    settings: { fsync: 'off', full_page_writes: 'off', shared_buffers: '128MB', max_wal_size: '512MB' },
    onUnexpectedExit: tell,
  });
  return { server, gone };
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended meanwhile.
  }
}
