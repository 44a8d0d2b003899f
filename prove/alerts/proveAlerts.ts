import { parseArgs } from 'node:util';
import { brokenEvaluators } from './brokenEvaluators.ts';
import { proveEvaluators } from './proveEvaluators.ts';

const { values } = parseArgs({
  options: { episodes: { type: 'string', default: '10000' }, seed: { type: 'string', default: 'alerts' } },
});
const episodes = Number(values.episodes);

const begun = performance.now();
const sound = await proveEvaluators(values.seed, episodes, null);
console.log(
  `${sound.episodes} episodes under 8 evaluators, ${sound.kills} killed and ${sound.stops} stopped in between: ` +
    `${sound.faults.length} fired twice, ended twice, at another tick or never; ${((performance.now() - begun) / 1_000).toFixed(0)} s`,
);
for (const fault of sound.faults.slice(0, 5)) console.log(`  ${fault}`);
let failed = sound.faults.length > 0;
for (const broken of brokenEvaluators) {
  const { faults } = await proveEvaluators(values.seed, Math.min(episodes, 800), broken);
  console.log(`${broken.name}: ${faults.length > 0 ? `found out, ${faults.length} faults` : 'NOT FOUND OUT'}`);
  for (const fault of faults.slice(0, 2)) console.log(`  ${fault}`);
  failed ||= faults.length === 0;
}
process.exitCode = failed ? 1 : 0;
