// `npm run prove:stranger`: what somebody who has never seen it does, with a clock: a fresh clone, `npm start`, the browser, signing in,
// a file dropped, its assets and their drawing. Clicks and seconds of each step.
//   --file export.csv: the file that is dropped. Default: a small export of its own     --from /path/to/a/clone
import { spawn } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePort } from '@tributary/kit';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { openBrowser, Person } from './browser.ts';
import { dataCentre } from './seedConsole.ts';

const { values: flags } = parseArgs({
  options: {
    file: { type: 'string' },
    from: { type: 'string', default: fileURLToPath(new URL('../..', import.meta.url)) },
  },
});
const folder = mkdtempSync(join(tmpdir(), 'tributary-stranger-'));
const clone = join(folder, 'tributary');
const port = String(await freePort());
const origin = `http://127.0.0.1:${port}`;
const rows: TableRow[] = [];
let clicks = 0;

/** What a step takes; `pressed` clicks belong to it. */
async function step<Result>(title: string, pressed: number, work: () => Promise<Result>): Promise<Result> {
  const started = performance.now();
  const result = await work();
  clicks += pressed;
  rows.push({ step: title, clicks: pressed, seconds: ((performance.now() - started) / 1000).toFixed(1) });
  console.log(`${title}: ${rows.at(-1)!['seconds']} s`);
  return result;
}

await step('git clone', 0, async () => {
  execFileSync('git', ['clone', '--quiet', flags.from, clone]);
});
const started = performance.now();
const { TRIBUTARY_DATA: _folder, NODE_OPTIONS: _options, ...env } = process.env;
const child = spawn('npm', ['start'], { cwd: clone, env: { ...env, PORT: port }, detached: true });
let output = '';
for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()));
try {
  await step('npm start, until the graph is ready', 0, () =>
    until(() => output.includes('is ready at'), 'The product did not get ready.'),
  );
  await step('until the console is built, behind it', 0, () =>
    until(async () => {
      const page = await fetch(`${origin}/console/flows`).catch(() => null);
      const text = (await page?.text()) ?? '';
      return text.includes('/console/_next/');
    }, 'The console was not built.'),
  );
  await using browser = await openBrowser();
  await using person = await Person.open(browser, origin);
  const { page } = person;
  await step('open, and sign in', 1, () => person.signIn('owner of acme'));
  const upload = flags.file
    ? resolve(flags.file)
    : { name: 'export.csv', mimeType: 'text/csv', buffer: Buffer.from(dataCentre()) };
  await step('drop the file, and start', 2, async () => {
    await page.getByRole('button', { name: 'New discovery' }).click();
    await page.getByLabel('File of the source').setInputFiles(upload);
    await page.getByRole('button', { name: 'Start' }).click();
  });
  await step('until its flow has succeeded, watched live', 0, () =>
    page.locator('#content h1').getByText('Succeeded').waitFor({ timeout: 300_000 }),
  );
  await step('its assets, and the drawing of one', 2, async () => {
    await page.getByRole('tab', { name: 'Assets' }).click();
    await page.locator('#content [role=row]').nth(1).click();
    await page.getByRole('tab', { name: 'Neighbourhood' }).waitFor();
    await person.settled();
  });
  if (person.faults.length > 0) throw new Error(person.faults.join('; '));
  rows.push({ step: 'all', clicks, seconds: ((performance.now() - started) / 1000).toFixed(1) });
  printTable(rows);
} catch (error) {
  console.error(output.slice(-2_000));
  throw error;
} finally {
  if (child.pid !== undefined && child.exitCode === null) {
    process.kill(-child.pid, 'SIGINT');
    await new Promise((done) => child.once('exit', done));
  }
  await rm(folder, { recursive: true, force: true });
}

/** Looks twice a second, for half an hour. */
async function until(isSo: () => boolean | Promise<boolean>, complaint: string): Promise<void> {
  const deadline = Date.now() + 1_800_000;
  while (!(await isSo())) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(complaint);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
