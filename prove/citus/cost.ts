import { Database, sql, type DatabaseEngine } from '@tributary/data';
import { appendEvents } from '@tributary/events';
import type { Client } from '@tributary/kit/client';
import { createLogger } from '@tributary/observability';
import { withAdmin } from './shards.ts';

export interface Cost {
  /** Medians, in ms. */
  readonly readMs: number;
  readonly writeMs: number;
  readonly pageMs: number;
}

/** What a transaction of one statement costs: a read of one row, and an event that is written. */
export async function costOf(
  engine: DatabaseEngine,
  urls: { app: string; admin: string },
  rounds = 400,
): Promise<Omit<Cost, 'pageMs'>> {
  const workspaceId = '0190a000-0000-7000-8000-00000000c057';
  await withAdmin(urls.admin, (admin) =>
    admin.query(
      `insert into workspace (workspace_id, slug, name) values ($1, 'cost-of-one', 'cost') on conflict do nothing`,
      [workspaceId],
    ),
  );
  const logger = createLogger({ name: 'prove', level: 'silent' });
  const hints = { publish: () => undefined };
  await using database = await Database.open({ url: urls.app, entities: [], logger, engine, hints, poolSize: 1 });
  const read = sql('prove.readOne', 'select slug from workspace where workspace_id = $1');
  const readMs = await median(rounds, () => database.read({ workspaceId }, read));
  const writeMs = await median(rounds, () =>
    database.withWorkspace({ workspaceId }, (transaction) => {
      appendEvents(transaction, 'flows', [{ type: 'proof.tick', payload: {} }]);
      return Promise.resolve();
    }),
  );
  return { readMs, writeMs };
}

const page = `{ flows(first: 5) { nodes { id status assets(first: 5) { totalCount nodes { id name dependencies(first: 3) { totalCount } } }
  metrics { requests } alerts(first: 1) { totalCount } } } viewer { user { displayName } } }`;

/** What a page costs that asks all subgraphs, from the socket of who reads it. */
export async function costOfPage(owner: Client, rounds = 60): Promise<number> {
  return median(rounds, () => owner.ask(page));
}

async function median(rounds: number, work: () => Promise<unknown>): Promise<number> {
  for (let n = 0; n < rounds / 10; n += 1) await work();
  const times: number[] = [];
  for (let n = 0; n < rounds; n += 1) {
    const begun = performance.now();
    await work();
    times.push(performance.now() - begun);
  }
  return times.sort((a, b) => a - b)[Math.floor(rounds / 2)]!;
}
