import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TreeCopy } from '../tenancy/mutants/TreeCopy.ts';
import { defects } from './defects.ts';
import type { Defect } from './defects.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How the one test that a defect names ended. */
type Outcome = 'green' | 'red' | 'did not run';

/** Brings defects back one by one in a copy of the tree. Answers whether each turned its test red, and the test is green without it. */
export function proveDefects(only: string): boolean {
  const chosen = defects.filter(({ name }) => only === 'all' || name === only);
  if (chosen.length === 0)
    throw new Error(`No defect is called ${only}. Known: ${defects.map(({ name }) => name).join(', ')}`);
  using tree = TreeCopy.of(root, { more: ['kit', 'test', 'jest.config.mjs', 'worker', 'embedded'], tests: true });
  let isProven = true;
  for (const defect of chosen) {
    const without = outcomeOf(tree.folder, defect);
    tree.edit([defect.edit]);
    const withIt = outcomeOf(tree.folder, defect);
    tree.revert();
    isProven &&= without === 'green' && withIt === 'red';
    console.log(`${defect.name}: ${defect.says}: its test is ${withIt}, and ${without} without it`);
  }
  return isProven;
}

function outcomeOf(folder: string, { suite, title }: Defect): Outcome {
  const results = join(folder, 'results.json');
  const jest = join(folder, 'node_modules', 'jest', 'bin', 'jest.js');
  const escaped = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  spawnSync(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      jest,
      '--rootDir',
      folder,
      '--maxWorkers=1',
      '--json',
      `--outputFile=${results}`,
      '-t',
      escaped,
      suite,
    ],
    { cwd: folder, stdio: 'ignore' },
  );
  const { numPassedTests: passed, numFailedTests: failed } = JSON.parse(readFileSync(results, 'utf8')) as {
    numPassedTests: number;
    numFailedTests: number;
  };
  return failed > 0 ? 'red' : passed > 0 ? 'green' : 'did not run';
}
