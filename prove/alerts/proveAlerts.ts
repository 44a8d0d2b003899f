// Without options: rules under evaluators that are killed and stopped, and the same with guards taken away.
//   --episodes 10000   --seed alerts
//   --histories 500    transitions of live rules beside those of their previews, and of rules with a thing taken away; nothing else
//   --first 1          the seed of the first history
//   --defects all      each defect brought back: its test must turn red; or one of them, such as D8; and nothing else
import { parseArgs } from 'node:util';
import { brokenEvaluators } from './brokenEvaluators.ts';
import { proveDefects } from './proveDefects.ts';
import { proveEvaluators } from './proveEvaluators.ts';
import { proveHistories } from './proveHistories.ts';

const { values } = parseArgs({
  options: {
    episodes: { type: 'string', default: '10000' },
    seed: { type: 'string', default: 'alerts' },
    histories: { type: 'string' },
    first: { type: 'string', default: '1' },
    defects: { type: 'string' },
  },
});

if (values.histories !== undefined)
  process.exitCode = (await proveHistories(Number(values.histories), Number(values.first))) ? 0 : 1;
else if (values.defects !== undefined) process.exitCode = proveDefects(values.defects) ? 0 : 1;
else process.exitCode = (await proveEpisodes(Number(values.episodes), values.seed)) ? 0 : 1;

async function proveEpisodes(episodes: number, seed: string): Promise<boolean> {
  const begun = performance.now();
  const sound = await proveEvaluators(seed, episodes, null);
  console.log(
    `${sound.episodes} episodes under 8 evaluators, ${sound.kills} killed and ${sound.stops} stopped in between: ` +
      `${sound.faults.length} fired twice, ended twice, at another tick or never; ${((performance.now() - begun) / 1_000).toFixed(0)} s`,
  );
  for (const fault of sound.faults.slice(0, 5)) console.log(`  ${fault}`);
  let isSound = sound.faults.length === 0;
  for (const broken of brokenEvaluators) {
    const { faults } = await proveEvaluators(seed, Math.min(episodes, 800), broken);
    const { name, shows, never } = broken;
    const [shown, kept] = [faults.filter((fault) => shows.test(fault)), faults.filter((fault) => never?.test(fault))];
    console.log(`${name}: ${shown.length > 0 ? `found out, ${shown.length} faults` : 'NOT FOUND OUT'}`);
    for (const fault of shown.slice(0, 2)) console.log(`  ${fault}`);
    for (const fault of kept.slice(0, 2)) console.log(`  WHAT ANOTHER GUARD KEEPS HAPPENED: ${fault}`);
    isSound &&= shown.length > 0 && kept.length === 0;
  }
  return isSound;
}
