import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TreeCopy } from '../tenancy/mutants/TreeCopy.ts';
import { defects } from './defects.ts';
import type { Defect } from './defects.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How the one test that a defect names ended; of a red one, what it says. */
type Outcome =
  { readonly is: 'green' } | { readonly is: 'red'; readonly says: string } | { readonly is: 'did not run' };

/**
 * Brings defects back one by one in a copy of the tree. Answers whether each turned its test red, and all of the tests are green without
 * them.
 */
export function proveDefects(only: string): boolean {
  const chosen = defects.filter(({ name }) => only === 'all' || name === only);
  if (chosen.length === 0)
    throw new Error(`No defect is called ${only}. Known: ${defects.map(({ name }) => name).join(', ')}`);
  using tree = TreeCopy.of(root, { more: ['kit', 'test', 'prove', 'jest.config.mjs', 'embedded'], tests: true });
  const without = outcomesOf(tree.folder, chosen);
  let isProven = true;
  for (const defect of chosen) {
    const sound = without(defect);
    tree.edit([defect.edit]);
    const broken = outcomesOf(tree.folder, [defect])(defect);
    tree.revert();
    isProven &&= sound.is === 'green' && broken.is === 'red';
    console.log(`${defect.name}: ${defect.says}: its test is ${broken.is}, and ${sound.is} without it`);
    if (sound.is === 'red') console.log(sound.says);
  }
  return isProven;
}

/** Runs the tests of defects, and nothing else. */
function outcomesOf(folder: string, chosen: readonly Defect[]): (defect: Defect) => Outcome {
  const results = join(folder, 'results.json');
  rmSync(results, { force: true });
  const titles = chosen.map(({ title }) => title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const suites = [...new Set(chosen.map(({ suite }) => suite))];
  const jest = join(folder, 'node_modules', 'jest', 'bin', 'jest.js');
  const options = ['--rootDir', folder, '--maxWorkers=2', '--json', `--outputFile=${results}`, '-t', titles.join('|')];
  spawnSync(
    process.execPath,
    ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', jest, ...options, ...suites],
    { cwd: folder, stdio: 'ignore' },
  );
  const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as JestResults;
  return ({ suite, title }) => {
    const ran = testResults.find(({ name }) => name === join(folder, suite));
    const test = ran?.assertionResults.find((one) => one.title.startsWith(title));
    if (test?.status === 'passed') return { is: 'green' };
    if (test?.status === 'failed') return { is: 'red', says: test.failureMessages.join('\n') };
    return { is: 'did not run' };
  };
}

interface JestResults {
  readonly testResults: readonly {
    /** The file, with its whole path. */
    readonly name: string;
    readonly assertionResults: readonly {
      readonly title: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}
