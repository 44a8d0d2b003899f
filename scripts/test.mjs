// `npm test`: installs what is missing, builds what has changed, then runs jest. Arguments go to jest:
// `npm test -- packages/kernel`, `npm test -- -t 'promise'`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import process, { argv } from 'node:process';
import { ensureBuilt, pinnedNode, run } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';
import { root } from './tree.mjs';

const shownSuites = 10;

await ensureInstalled('develop');
ensureBuilt();

const folder = mkdtempSync(join(tmpdir(), 'tributary-test-'));
const resultFile = join(folder, 'results.json');
try {
  const code = await run(pinnedNode(), [
    // jest runs ES modules only with this flag; its workers inherit it.
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    join(root, 'node_modules', 'jest', 'bin', 'jest.js'),
    '--maxWorkers=2',
    '--json',
    `--outputFile=${resultFile}`,
    ...argv.slice(2),
  ]);
  process.exitCode = code;
  printSummary(code);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function printSummary(code) {
  let results;
  try {
    results = JSON.parse(readFileSync(resultFile, 'utf8'));
  } catch {
    return; // jest did not come to an end, or was asked for something else (--watch, --listTests).
  }
  const suites = results.testResults
    .map((suite) => ({ name: relative(root, suite.name), seconds: (suite.endTime - suite.startTime) / 1000 }))
    .sort((a, b) => b.seconds - a.seconds);
  console.log(`\nSlowest of ${suites.length} suites:`);
  for (const suite of suites.slice(0, shownSuites)) {
    console.log(`${suite.seconds.toFixed(1).padStart(7)} s  ${suite.name}`);
  }
  // A suite that could not even be loaded has no failed tests of its own, and is one failure; so is a jest that
  // failed for another reason.
  const failed = Math.max(results.numFailedTests + results.numRuntimeErrorTestSuites, code === 0 ? 0 : 1);
  const skipped = results.numPendingTests > 0 ? `${results.numPendingTests} skipped\n` : '';
  console.log(`\n${skipped}Tests: ${results.numPassedTests} passed, ${failed} failed`);
}
