import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { isCodedError } from '@tributary/contracts/errors';

/** What makes one trip to the database. */
const mostTogether = 100;
const maxWorkspaces = 1_000;

/** Answers for each item what became of it, in order; an Error fails that item alone. */
export type GatheredTrip<Item, Result> = (
  workspaceId: string,
  items: readonly Item[],
) => Promise<readonly (Result | Error)[]>;

/**
 * Trips to the database that deliveries of one workspace share: while one is under way, what else is wanted gathers for the next. A thousand
 * webhooks on one event are claimed, begun and ended in a few dozen transactions.
 */
export class Gathered<Item, Result> {
  private readonly loaders = new LRUCache<string, DataLoader<Item, Result>>({ max: maxWorkspaces });

  constructor(private readonly trip: GatheredTrip<Item, Result>) {}

  ask(workspaceId: string, item: Item): Promise<Result> {
    let loader = this.loaders.get(workspaceId);
    if (!loader) this.loaders.set(workspaceId, (loader = this.loaderOf(workspaceId)));
    return loader.load(item);
  }

  private loaderOf(workspaceId: string): DataLoader<Item, Result> {
    let underWay: Promise<unknown> = Promise.resolve();
    return new DataLoader<Item, Result>(
      (items) => {
        const trip = this.together(workspaceId, items);
        underWay = trip;
        return trip;
      },
      {
        cache: false,
        maxBatchSize: mostTogether,
        batchScheduleFn: (leave) => void underWay.then(() => setImmediate(leave)),
      },
    );
  }

  /** One whose values the database refuses must not keep the others: then each goes by itself. */
  private async together(workspaceId: string, items: readonly Item[]): Promise<(Result | Error)[]> {
    try {
      return [...(await this.trip(workspaceId, items))];
    } catch (error) {
      if (items.length === 1 || (isCodedError(error) && error.code === 'SERVICE_UNAVAILABLE'))
        return items.map(() => asError(error));
      const alone = await Promise.allSettled(items.map(async (item) => this.trip(workspaceId, [item])));
      return alone.map((each) => (each.status === 'fulfilled' ? each.value[0]! : asError(each.reason)));
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
