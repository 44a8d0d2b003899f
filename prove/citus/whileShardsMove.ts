import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@tributary/kit';
import type { Client } from '@tributary/kit/client';
import { createFlow, ownerOf, type Slug } from './people.ts';
import type { Product } from './Product.ts';
import { countRows, lostRows } from './shards.ts';

interface Moved {
  readonly faults: readonly string[];
  readonly seconds: number;
  readonly writes: number;
  /** Longest that a writer waited, in ms. */
  readonly longestMs: number;
}

/** Lets an operator move the rows of a workspace while its owner goes on writing and watching, and looks for what was lost, refused or told twice. */
export async function whileShardsMove(
  product: Product,
  databaseUrl: string,
  slug: Slug,
  act: () => Promise<unknown>,
): Promise<Moved> {
  const faults: string[] = [];
  const owner = ownerOf(product, slug);
  await owner.authorization();
  const before = await countRows(databaseUrl, slug);
  const watcher = await watch(owner);
  let moving = true;
  let longestMs = 0;
  const made: string[] = [];
  const writer = (async () => {
    while (moving) {
      const begun = performance.now();
      await createFlow(owner).then(
        (id) => made.push(id),
        (error: unknown) => faults.push(`a write was refused: ${String((error as Error).message)}`),
      );
      longestMs = Math.max(longestMs, performance.now() - begun);
    }
  })();
  const begun = performance.now();
  try {
    await act();
  } finally {
    moving = false;
    await writer;
  }
  const seconds = (performance.now() - begun) / 1000;
  faults.push(...(await watcher.faultsAt(made)));
  faults.push(...lostRows(before, await countRows(databaseUrl, slug)));
  owner.close();
  return { faults, seconds, writes: made.length, longestMs };
}

interface Watcher {
  /** What went wrong from its start to the last of these flows. */
  faultsAt(made: readonly string[]): Promise<string[]>;
}

/** Follows every flow of the workspace: told of each once, in order, without a gap. */
async function watch(owner: Client): Promise<Watcher> {
  const told: string[] = [];
  const faults: string[] = [];
  let last: number | null = null;
  const known: { made: readonly string[] | null } = { made: null };
  const reading = (async () => {
    for await (const { data, errors } of owner.watch(updates, {})) {
      if (!data) {
        faults.push(`the watcher was told ${JSON.stringify(errors)}`);
        continue;
      }
      const { sequence, type, flow } = data.flowUpdates;
      if (last !== null && sequence <= last) faults.push(`event ${sequence} came behind ${last}`);
      last = sequence;
      if (type !== 'flow.created') continue;
      if (known.made && !known.made.includes(flow.id)) return;
      told.push(flow.id);
    }
  })().catch((error: unknown) => void faults.push(`the watcher's stream ended: ${String(error)}`));
  await eventually(async () => {
    await createFlow(owner);
    if (last === null) throw new Error('the watcher is not there yet');
  });
  return {
    async faultsAt(all) {
      known.made = all;
      await createFlow(owner);
      const late = delay(20_000).then(() => void faults.push('the watcher was not told of the end'));
      await Promise.race([reading, late]);
      const missed = all.filter((id) => !told.includes(id)).length;
      const twice = told.length - new Set(told).size;
      if (missed > 0) faults.push(`the watcher missed ${missed} of ${all.length} flows`);
      if (twice > 0) faults.push(`the watcher was told of ${twice} flows twice`);
      return faults;
    },
  };
}

const updates = 'subscription { flowUpdates { sequence type flow { id } } }';
