import { readFile } from 'node:fs/promises';
import { unwatchFile, watchFile } from 'node:fs';
import type { Logger } from '@tributary/observability';
import type { Gateway } from './protocols/startedServer.js';

const lookEveryMs = 1_000;

/** A gateway or an edge. */
export interface FollowingGateway extends Gateway {
  /**
   * Takes another supergraph in place of the one that is served. Open subscriptions go on behind their last event; those that are not valid
   * any more end with their errors. Resolves when nothing runs over the one before. Throws, and goes on as before, when it cannot be read or
   * names a subgraph without a connection.
   */
  serveSupergraph(supergraphSdl: string): Promise<void>;
}

export interface FollowedSupergraph {
  readonly file: string;
  /** What is served. */
  readonly sdl: string;
  readonly gateway: Pick<FollowingGateway, 'serveSupergraph'>;
  readonly logger: Logger;
}

/**
 * Serves what is written to the file while the gateway runs, or when SIGHUP asks for it. One that cannot be served is told to the log, and
 * the gateway goes on with what it has. Call what it answers to stop.
 */
export function followSupergraph({ file, sdl, gateway, logger }: FollowedSupergraph): () => void {
  let served = sdl;
  const look = async (): Promise<void> => {
    try {
      const written = await readFile(file, 'utf8');
      if (written === served) return;
      served = written;
      await gateway.serveSupergraph(written);
      logger.info({ file }, 'a new supergraph is served');
    } catch (error) {
      logger.error({ err: error, file }, 'The supergraph in this file cannot be served. The one before is kept.');
    }
  };
  const onChange = (): void => void look();
  // Asks for the file's state: what a volume of Kubernetes shows changes by its links, which tells no watcher.
  watchFile(file, { interval: lookEveryMs, persistent: false }, onChange);
  process.on('SIGHUP', onChange);
  // It may have been written since it was read.
  onChange();
  return () => {
    unwatchFile(file, onChange);
    process.off('SIGHUP', onChange);
  };
}
