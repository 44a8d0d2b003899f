import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startProgram } from '@tributary/kit';

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
  const origin = `http://127.0.0.1:${port}`;
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const { child } = opened.use(
    await startProgram({
      program,
      cwd: root,
      env: { ROUTER_CONFIG_FILE_PATH: file, ROUTER_HOST: '127.0.0.1', ROUTER_PORT: String(port) },
      ready: () => answers(origin),
      readyMs: 15_000,
    }),
  );
  const kept = opened.move();
  return { pid: child.pid!, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

async function answers(origin: string): Promise<void> {
  const response = await fetch(`${origin}/health`);
  if (!response.ok) throw new Error(`${origin} answers ${response.status}.`);
}
