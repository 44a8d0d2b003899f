// `npm run check`: everything that judges the code without running it. All of it runs, so that one look shows all.
import process from 'node:process';
import { run } from './ensure.mjs';
import { ensureInstalled } from './ensureInstalled.mjs';

const steps = [
  'format:check',
  'lint',
  'typecheck',
  'depcruise',
  'schema:check',
  'reference:check',
  'unused',
  'spelling',
  'pack:check',
  'console:check',
];

await ensureInstalled('develop');

const failed = [];
for (const step of steps) {
  const started = performance.now();
  const code = await run('npm', ['run', '--silent', step], { shell: process.platform === 'win32' });
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${step} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  if (code !== 0) failed.push(step);
}

if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}. Run one alone with: npm run ${failed[0]}`);
  process.exitCode = 1;
}
