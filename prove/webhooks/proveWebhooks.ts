// `npm run prove:webhooks -- --only targets,rights --seed 1`: what webhooks promise, part by part, each with what must be found out.
import { parseArgs } from 'node:util';
import { guards, without, type GuardName } from './control/guards.ts';
import type { Finding } from './Finding.ts';
import { proveEquality } from './proveEquality.ts';
import { proveFence } from './proveFence.ts';
import { proveOutage } from './proveOutage.ts';
import { provePoison } from './provePoison.ts';
import { proveReset } from './proveReset.ts';
import { proveRights } from './proveRights.ts';
import { proveRotation } from './proveRotation.ts';
import { ProofWorld } from './ProofWorld.ts';
import { proveTargets } from './targets/proveTargets.ts';

const { values } = parseArgs({ options: { only: { type: 'string' }, seed: { type: 'string', default: 'webhooks' } } });
const { seed } = values;

/** One for all parts: those behind it do not mind what those before have left. */
const shared: ProofWorld[] = [];
const inWorld = (prove: (world: ProofWorld) => Promise<Finding>) => async (): Promise<Finding> => {
  if (!shared[0]) shared.push(await ProofWorld.start());
  return prove(shared[0]!);
};
/** A build without a guard must break this promise, and is found out by that. */
const foundOut = async (guard: GuardName, promise: string, prove: () => Promise<Finding>): Promise<Finding> => {
  const { said, broken } = await prove();
  const isFoundOut = broken.includes(promise);
  return {
    said: `a build without “${guards[guard].holds}”: ${isFoundOut ? 'found out' : 'NOT FOUND OUT'} (${said})`,
    broken: isFoundOut ? [] : ['it is found out'],
  };
};
const fenceWithout = async (guard: GuardName): Promise<Finding> => {
  await using world = await ProofWorld.start({ settings: without(guard) });
  return await proveFence(world);
};
const parts: Readonly<Record<string, () => Promise<Finding>>> = {
  targets: () => proveTargets(seed),
  'targets-control': () => foundOut('connector', 'none is reached', () => proveTargets(seed, without('connector'))),
  equality: inWorld(proveEquality),
  fence: inWorld(proveFence),
  'fence-control': () => foundOut('fence', 'a late answer leads STREAM nowhere', () => fenceWithout('fence')),
  'fence-control-apart': () =>
    foundOut('fence side by side', 'late answers lead NONE nowhere', () => fenceWithout('fence side by side')),
  rotation: inWorld(proveRotation),
  reset: inWorld(proveReset),
  poison: inWorld(provePoison),
  outage: inWorld((world) => proveOutage(world, seed)),
  rights: inWorld(proveRights),
  'rights-control': async () => {
    await using world = await ProofWorld.start({ main: 'prove/webhooks/control/trustingMain.ts' });
    const { said, broken } = await proveRights(world);
    const isFoundOut =
      broken.includes('nothing for a revoked key') && broken.includes('nothing that a lowered role may not see');
    return {
      said: `a build that asks for rights once: ${isFoundOut ? 'found out' : 'NOT FOUND OUT'} (${said})`,
      broken: isFoundOut ? [] : ['it is found out'],
    };
  },
};
const chosen = values.only?.split(',') ?? Object.keys(parts);
const unknown = chosen.filter((name) => !(name in parts));
if (unknown.length > 0) throw new Error(`--only takes ${Object.keys(parts).join(', ')}.`);

let failed = false;
for (const name of chosen) {
  const begun = performance.now();
  const { said, broken } = await parts[name]!().catch((error: unknown): Finding => {
    return { said: 'did not come to its end', broken: [String(error instanceof Error ? error.stack : error)] };
  });
  console.log(`${name}: ${said}; ${((performance.now() - begun) / 1_000).toFixed(0)} s`);
  for (const promise of broken) console.log(`  BROKEN: ${promise}`);
  failed ||= broken.length > 0;
}
for (const world of shared) await world[Symbol.asyncDispose]();
process.exitCode = failed ? 1 : 0;
