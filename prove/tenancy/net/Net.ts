import type pg from 'pg';
import type { GraphQLSchema } from 'graphql';
import type { DatabaseEngine } from '@tributary/data';
import type { Action } from '@tributary/contracts/actions';
import type { NetCluster } from '../system/NetCluster.ts';
import type { Random } from '@tributary/kit';
import type { ClusterSecrets } from '@tributary/kit/cluster';
import { hashRows } from '../world/freeze.ts';
import type { Person } from '../world/people.ts';
import type { World } from '../world/World.ts';
import type { Coverage } from './Coverage.ts';
import type { Judge } from './Judge.ts';
import type { Template } from './templates.ts';

/** Everything that a part of the net works with. */
export interface Net {
  readonly cluster: NetCluster;
  /** A superuser's connection: looks at rows that nobody else may see, and takes guards away. */
  readonly admin: pg.Client;
  readonly databaseUrl: string;
  readonly engine: DatabaseEngine;
  readonly passwords: { readonly app: string; readonly worker: string };
  readonly secrets: ClusterSecrets;
  /** Of the project that the net belongs to. */
  readonly root: string;
  readonly worlds: { readonly a: World; readonly b: World; readonly c: World };
  readonly schema: GraphQLSchema;
  readonly templates: readonly Template[];
  /** By `Type.field`, as the subgraphs declare it. */
  readonly actionOf: ReadonlyMap<string, Action>;
  readonly judge: Judge;
  readonly coverage: Coverage;
  readonly random: Random;
  readonly counts: { probes: number; requests: number };
}

/** Runs `work` on every item, some at a time. Stops at the first that throws. */
export async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>, atOnce = 12): Promise<void> {
  const iterator = items[Symbol.iterator]();
  let failed = false;
  const run = async (): Promise<void> => {
    for (let next = iterator.next(); !next.done && !failed; next = iterator.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, run));
  const broken = ends.find((end) => end.status === 'rejected');
  if (broken) throw broken.reason;
}

/** Who of another workspace has the same standing as somebody of A: the rightful reader that goes first. */
export function counterpart(world: World, person: Person): Person {
  return (
    world.people.everybody.find(({ name, principal }) => name === person.name && principal !== null) ??
    world.people.owner
  );
}

/** Fails when a row of B has changed since `before`. */
export async function checkRows(net: Net, before: ReadonlyMap<string, string>, where: string): Promise<void> {
  const after = await hashRows(net.admin, net.worlds.b.people.workspaceId);
  for (const [table, hash] of after) {
    if (before.get(table) !== hash) net.judge.report('rows changed', where, `rows of B in ${table}`);
  }
}
