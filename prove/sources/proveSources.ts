// `npm run prove:sources`: every known source in many forms, which must become the same, and mutated files, which must end with a
// code.   --variations 2000 --fuzz 20000 --seed 1
// `npm run prove:sources -- --real <folder>`: what becomes of every file of a folder, read as an import reads it.
import { parseArgs } from 'node:util';
import { printTable } from '@tributary/kit/measure';
import { proveFuzz } from './proveFuzz.ts';
import { proveVariations } from './proveVariations.ts';
import { readReal } from './readReal.ts';

const { values: flags } = parseArgs({
  options: {
    variations: { type: 'string', default: '2000' },
    fuzz: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    real: { type: 'string' },
  },
});
if (flags.real !== undefined) {
  printTable(await readReal(flags.real));
  process.exit();
}
const leastEqual = 0.99;
const seed = Number(flags.seed);
const tell = (line: string): void => console.log(line);

const varied = await proveVariations(Number(flags.variations), seed, tell);
const fuzzed = await proveFuzz(Number(flags.fuzz), seed, tell);
const share = varied.tried === 0 ? 1 : varied.equal / varied.tried;
console.log();
printTable([
  {
    variations: varied.tried,
    equal: varied.equal,
    'asked or failed': varied.asked,
    'silently wrong': varied.silent,
    'equal %': share * 100,
  },
]);
console.log();
printTable([
  {
    'mutated files': fuzzed.tried,
    crashes: fuzzed.crashes,
    hangs: fuzzed.hangs,
    'slowest s': fuzzed.slowestMs / 1000,
    'heap MB': fuzzed.memoryMb,
  },
]);
console.log('\nHow the mutated files ended:');
printTable([...fuzzed.ends].sort(([, left], [, right]) => right - left).map(([end, times]) => ({ end, times })));
if (share < leastEqual || varied.silent > 0 || fuzzed.crashes > 0 || fuzzed.hangs > 0) process.exitCode = 1;
