import type { Cache } from '@tributary/cache';
import type { CommandClient } from '@tributary/commands';
import type { Database } from '@tributary/data';
import type { Bus, EventStreams } from '@tributary/events';
import type { Logger } from '@tributary/observability';

/** What a process gives to each subgraph that it serves or works for. */
export interface SubgraphDeps {
  readonly database: Database;
  readonly streams: EventStreams;
  readonly bus: Bus;
  /** Answers that may be given again. */
  readonly cache: Cache;
  /** How to ask other subgraphs. */
  readonly commands: CommandClient;
  readonly logger: Logger;
}
