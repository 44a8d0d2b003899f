// `npm run prove:cache`: nothing of another workspace, nothing older than asked for, and what it saves.
//   --probes <n>   questions to the cache (default 1,000,000)   --seconds <n>   how long people look at a dashboard (default 60)
import { parseArgs } from 'node:util';
import { parseGatewaySecrets } from '@tributary/auth';
import { RedisLevel } from '@tributary/cache';
import { eventually, Random, startTestRedis } from '@tributary/kit';
import { createLogger } from '@tributary/observability';
import { brokenCaches, type Break } from './brokenCaches.ts';
import { CacheWorld, type Findings } from './CacheWorld.ts';
import { lookAtDashboards } from './lookAtDashboards.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: 'cache' },
    probes: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '60' },
  },
});
const logger = createLogger({ name: 'proof', level: 'silent' });
const secrets = parseGatewaySecrets('5d41402abc4b2a76b9719d911017c592-proof');
const atOnce = 100;
const touchedEvery = 20;

async function isKept(level: RedisLevel): Promise<void> {
  level.put('proof:-:kept:1', { text: '1', bornAt: performance.now() }, 60_000);
  if ((await level.get('proof:-:kept:1')) === null) throw new Error('Redis keeps nothing.');
}

async function probe(probes: number, broken: Break | null): Promise<Findings> {
  await using redis = await startTestRedis();
  await using one = new RedisLevel({ url: redis.url, secrets, logger, timeoutMs: 5_000 });
  await using other = new RedisLevel({ url: redis.url, secrets, logger, timeoutMs: 5_000 });
  for (const level of [one, other]) await eventually(() => isKept(level));
  const world = new CacheWorld(new Random(values.seed), [one, other], broken);
  for (let done = 0; done < probes; done += atOnce) {
    for (let n = 0; n < atOnce; n += touchedEvery) world.touch();
    await Promise.all(Array.from({ length: atOnce }, () => world.probe()));
  }
  return world.findings;
}

const begun = performance.now();
const sound = await probe(Number(values.probes), null);
console.log(
  `${sound.probes} probes in ${((performance.now() - begun) / 1000).toFixed(0)} s, ${((100 * sound.found) / sound.probes).toFixed(0)} % answered from before: ` +
    `${sound.foreign} foreign values, ${sound.stale} that lacked a change, ${sound.tooOld} older than asked for`,
);
let failed = sound.foreign + sound.stale + sound.tooOld > 0 || sound.found === 0;
for (const broken of brokenCaches) {
  const { probes, foreign, stale, tooOld } = await probe(Math.min(Number(values.probes), 40_000), broken);
  const isFound = foreign + stale + tooOld > 0;
  console.log(
    `without a rule (${broken.name}): ${isFound ? 'found out' : 'NOT FOUND OUT'}, ${probes} probes, ${foreign} foreign, ${stale} lacking, ${tooOld} too old`,
  );
  failed ||= !isFound;
}
const looked = await lookAtDashboards(Number(values.seconds) * 1_000, secrets, logger);
failed ||= !looked;
process.exitCode = failed ? 1 : 0;
