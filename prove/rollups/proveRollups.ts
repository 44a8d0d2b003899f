import { parseArgs } from 'node:util';
import { brokenRollups } from './brokenRollups.ts';
import { proveEquality } from './proveEquality.ts';

// --checks 1000   --seed rollups   --only <part of a control's name> (leaves the sound roll-up and the other controls out)
const { values } = parseArgs({
  options: {
    checks: { type: 'string', default: '1000' },
    seed: { type: 'string', default: 'rollups' },
    only: { type: 'string' },
  },
});
const checks = Number(values.checks);
let failed = values.only === undefined && !(await holdsSound());
for (const broken of brokenRollups.filter(({ name }) => name.includes(values.only ?? ''))) {
  const found = await proveEquality(values.seed, checks, broken);
  const isFound = found.differences.length > 0 || found.missing !== 0;
  console.log(
    `without a rule (${broken.name}): ${isFound ? 'found out' : 'NOT FOUND OUT'} after ${found.checks} comparisons, ${found.differences.length} differences, ${found.missing} missing`,
  );
  failed ||= !isFound;
}
process.exitCode = failed ? 1 : 0;

async function holdsSound(): Promise<boolean> {
  const sound = await proveEquality(values.seed, checks, null);
  console.log(
    `${sound.checks} comparisons over ${sound.acknowledged} traces, ${sound.sealings} sealings, ${sound.cuts} cut connections, ${sound.kills} killed roll-ups, ${sound.crashes} crashes of PostgreSQL: ` +
      `${sound.differences.length} differences, ${sound.missing} acknowledged traces missing, quantiles within ${(sound.quantileError * 100).toFixed(3)} %`,
  );
  for (const difference of sound.differences.slice(0, 5)) console.log(`  ${difference}`);
  return sound.differences.length === 0 && sound.missing === 0 && sound.quantileError <= 0.01 && sound.sealings > 0;
}
