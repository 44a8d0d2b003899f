import { brokenRules, withoutRepair } from './brokenRules.ts';
import { compareHistories } from './compareHistories.ts';
import { LiveRules } from './LiveRules.ts';
import type { LiveRulesOptions } from './LiveRules.ts';

/** Histories that are lived side by side. */
const abreast = 25;
/** That a broken rule lives through; a sound one lives through as many more in which nothing comes late. */
const historiesOfBroken = 10;
const setsOfBroken = 5;
const shown = 5;

/** Lets rules live through random histories and tries them afterwards. Answers whether both agree, and disagree where a rule is broken. */
export async function proveHistories(count: number, firstSeed: number): Promise<boolean> {
  const begun = performance.now();
  const faults = [
    ...(await differences(firstSeed, count, {})),
    ...(await differences(firstSeed, Math.min(count, historiesOfBroken), withoutRepair, true)),
  ];
  const seconds = ((performance.now() - begun) / 1_000).toFixed(0);
  console.log(
    `${count} histories from seed ${firstSeed} on: ${faults.length} differences of live and preview; ${seconds} s`,
  );
  for (const fault of faults.slice(0, shown)) console.log(`  ${fault}`);
  let isProven = faults.length === 0;
  for (const { name, options, isPunctual } of brokenRules) {
    const found = await firstDifferences(firstSeed, Math.min(count, historiesOfBroken), options, isPunctual);
    console.log(`${name}: ${found.length > 0 ? `found out, ${found.length} differences` : 'NOT FOUND OUT'}`);
    for (const fault of found.slice(0, 1)) console.log(`  ${fault}`);
    isProven &&= found.length > 0;
  }
  return isProven;
}

/** Of other histories when there are none: by chance nothing may happen in ten of them while evaluators are away. */
async function firstDifferences(
  firstSeed: number,
  count: number,
  options: LiveRulesOptions,
  isPunctual: boolean,
): Promise<string[]> {
  for (let set = 0; set < setsOfBroken; set += 1) {
    const found = await differences(firstSeed + set * count, count, options, isPunctual);
    if (found.length > 0) return found;
  }
  return [];
}

async function differences(
  firstSeed: number,
  count: number,
  options: LiveRulesOptions,
  isPunctual = false,
): Promise<string[]> {
  const found: string[] = [];
  await using world = await LiveRules.start({ lateHorizonMs: 24 * 3_600_000, ...options });
  for (let made = 0; made < count; made += abreast) {
    const seeds = Array.from({ length: Math.min(abreast, count - made) }, (_, index) => firstSeed + made + index);
    found.push(...(await compareHistories(world, seeds, isPunctual)));
    await world.superuser('delete from alert_rule');
  }
  return found;
}
