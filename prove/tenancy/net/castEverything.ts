import type { Logs } from '../openWorld.ts';
import { hashRows } from '../world/freeze.ts';
import { attackCache } from './attackCache.ts';
import { attackCredentials } from './attackCredentials.ts';
import { attackEntities } from './attackEntities.ts';
import { attackHandles } from './attackHandles.ts';
import { attackLive } from './attackLive.ts';
import { attackLocks } from './attackLocks.ts';
import { attackMasking } from './attackMasking.ts';
import { attackMutations, replayRightfully } from './attackMutations.ts';
import { attackDirectly } from './attackDirectly.ts';
import { attackPayloads } from './attackPayloads.ts';
import { attackQueries } from './attackQueries.ts';
import { attackRollups } from './attackRollups.ts';
import { attackRoutes } from './attackRoutes.ts';
import { attackStored } from './attackStored.ts';
import { attackWithoutPolicies } from './attackWithoutPolicies.ts';
import { checkRows, type Net } from './Net.ts';
import type { RedisWatch } from './RedisWatch.ts';

/** Logs and what Redis was told are kept until they are looked at, so that is done behind so many queries. */
const queriesOfRound = 20_000;

/** The parts of the net, in the order in which they run. */
export const parts = {
  locks: (net: Net) => attackLocks(net),
  handles: (net: Net) => attackHandles(net),
  direct: (net: Net) => attackDirectly(net, 120),
  credentials: (net: Net) => attackCredentials(net),
  entities: (net: Net) => attackEntities(net),
  routes: (net: Net) => attackRoutes(net),
  queries: async (net: Net, most: number, look: () => Promise<void>) => {
    for (let left = most; ; left -= queriesOfRound) {
      await attackQueries(net, Math.min(left, queriesOfRound));
      if (left <= queriesOfRound) return;
      await look();
    }
  },
  stored: (net: Net) => attackStored(net),
  rightful: (net: Net) => replayRightfully(net),
  mutations: (net: Net, most: number) => attackMutations(net, Math.ceil(most / 10)),
  masking: (net: Net) => attackMasking(net),
  live: (net: Net) => attackLive(net),
  payloads: (net: Net) => attackPayloads(net),
  'without policies': (net: Net) => attackWithoutPolicies(net),
  cache: (net: Net) => attackCache(net),
  'roll-up': (net: Net) => attackRollups(net),
} as const;
export type Part = keyof typeof parts;

/** Runs parts of the net and, behind each, looks at B's rows, at the logs and at Redis. */
export async function castEverything(
  net: Net,
  watched: { readonly logs: Logs; readonly redis: RedisWatch },
  options: {
    readonly order: readonly Part[];
    readonly most: number;
    readonly onPart?: (part: Part, seconds: number) => void;
  },
): Promise<void> {
  const before = await hashRows(net.admin, net.worlds.b.people.workspaceId);
  const workspaceIds = Object.values(net.worlds).map(({ people }) => people.workspaceId);
  for (const part of options.order) {
    const started = performance.now();
    const look = async (): Promise<void> => {
      await checkRows(net, before, part);
      watched.redis.check(net.judge, workspaceIds);
      for (const { part: process, line } of watched.logs.take()) net.judge.checkLog(process, line);
    };
    await parts[part](net, options.most, look);
    await look();
    options.onPart?.(part, (performance.now() - started) / 1000);
  }
}
