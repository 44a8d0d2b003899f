import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { endWithParent } from '@tributary/postgres';
import { eventually } from '@tributary/kit';

export interface HiveRouter extends AsyncDisposable {
  readonly pid: number;
}

export interface HiveRouterOptions {
  /** The program. */
  readonly program: string;
  readonly port: number;
  /** The root of the project, whose configuration and supergraph it is given. */
  readonly root: string;
  /** Of each subgraph, without a path. */
  readonly subgraphs: ReadonlyMap<string, string>;
}

/** Hive Router over the subgraphs. */
export async function startHiveRouter({ program, port, root, subgraphs }: HiveRouterOptions): Promise<HiveRouter> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-router-'));
  const file = join(folder, 'router.config.yaml');
  const own = join(root, 'gateway/hive-router/router.config.yaml');
  let configuration = readFileSync(own, 'utf8').replace(
    /path: (\S+)/,
    (_, path) => `path: ${join(dirname(own), path)}`,
  );
  for (const [name, origin] of subgraphs) {
    const there = `http://${name}:4000/`;
    if (!configuration.includes(there))
      throw new Error(`gateway/hive-router/router.config.yaml does not say where ${name} is.`);
    configuration = configuration.replace(there, `${origin}/`);
  }
  writeFileSync(file, configuration);
  const child = spawn(program, [], {
    cwd: root,
    env: { ROUTER_CONFIG_FILE_PATH: file, ROUTER_HOST: '127.0.0.1', ROUTER_PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4_000)));
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => undefined);
  if (child.pid) child.once('exit', endWithParent(child.pid, 'TERM'));
  const origin = `http://127.0.0.1:${port}`;
  const end = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(force);
    }
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.race([failed, eventually(() => answers(origin), { timeoutMs: 15_000 })]);
  } catch (cause) {
    await end();
    throw new Error(`Hive Router did not start:\n${output}`, { cause });
  }
  return { pid: child.pid!, [Symbol.asyncDispose]: end };
}

async function answers(origin: string): Promise<void> {
  const response = await fetch(`${origin}/health`);
  if (!response.ok) throw new Error(`${origin} answers ${response.status}.`);
}
