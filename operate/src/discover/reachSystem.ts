import { readEmbeddedConfig } from '@tributary/embedded/config';
import { readAddress } from '@tributary/embedded/data-folder';
import { ConfigError } from '@tributary/kernel';
import { createLogger } from '@tributary/observability';
import { demoPassword } from '@tributary/subgraph-workspace';
import type { OperateConfig } from '../config.js';
import { GraphAccess, signIn } from './GraphAccess.js';
import type { DiscoverArguments } from './readArguments.js';

export interface ReachedSystem extends AsyncDisposable {
  readonly access: GraphAccess;
  /** What to tell the person about where it goes; null when there is nothing to tell. */
  readonly note: string | null;
}

/**
 * The system that a discovery goes to: the one at `--url`, else the one that runs on the data folder, else one of its own on that folder,
 * for as long as the command takes. On this machine it comes as the demo operator, unless there is a key.
 */
export async function reachSystem(config: OperateConfig, wanted: DiscoverArguments): Promise<ReachedSystem> {
  const url = wanted.url ?? config.TRIBUTARY_URL ?? null;
  const apiKey = config.TRIBUTARY_API_KEY;
  if (url !== null) {
    if (!apiKey) throw new ConfigError('Set TRIBUTARY_API_KEY to a key of the workspace that the discovery is for.');
    return { access: new GraphAccess(originOf(url), { apiKey }), note: null, [Symbol.asyncDispose]: nothing };
  }
  const running = readAddress(config.dataDirectory);
  if (running !== null && (await answers(running))) {
    return { access: await accessTo(running, apiKey, wanted), note: null, [Symbol.asyncDispose]: nothing };
  }
  await using opened = new AsyncDisposableStack();
  const own = await startOwn(config);
  opened.defer(() => own.close());
  const access = await accessTo(own.url, apiKey, wanted);
  const kept = opened.move();
  return {
    access,
    note: `Nothing runs on ${config.dataDirectory}, so a Tributary of its own takes it in. See the inventory with npm start.`,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

const nothing = (): Promise<void> => Promise.resolve();

async function startOwn({ dataDirectory }: OperateConfig): Promise<{ readonly url: string; close(): Promise<void> }> {
  // Loaded only where it is needed: it is the whole product.
  const { startEmbedded } = await import('@tributary/embedded');
  const config = readEmbeddedConfig({ HOST: '127.0.0.1', PORT: '0', TRIBUTARY_DATA: dataDirectory });
  return startEmbedded(config, createLogger({ name: 'discover', level: 'error' }), (error) => {
    throw error;
  });
}

async function accessTo(
  url: string,
  apiKey: string | undefined,
  { workspace }: DiscoverArguments,
): Promise<GraphAccess> {
  const origin = originOf(url);
  if (apiKey) return new GraphAccess(origin, { apiKey });
  try {
    return new GraphAccess(origin, await signIn(origin, `operator@${workspace}.example`, demoPassword));
  } catch (error) {
    throw new ConfigError(
      `The demo operator of ${workspace} cannot sign in at ${origin}. Set TRIBUTARY_API_KEY to a key of the workspace that the discovery is for.`,
      { cause: error },
    );
  }
}

function originOf(url: string): string {
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw new ConfigError(`${url} is no address. Write it as https://tributary.example.`);
  return new URL(url).origin;
}

/** A system that was killed has left its address behind. */
async function answers(url: string): Promise<boolean> {
  return fetch(new URL('/health/live', url)).then(
    (response) => response.ok,
    () => false,
  );
}
