import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const gateway = new URL('../dist/main.js', import.meta.url);

/** Says on standard output what is loaded, one file a line. */
const tellsOfLoaded = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  import { writeSync } from 'node:fs';
  registerHooks({ load: (url, context, next) => { writeSync(1, url + '\\n'); return next(url, context); } });
`)}`;

/** Without settings the gateway loads all that it imports and then ends. */
async function loadedModules(entry: URL): Promise<string[]> {
  const run = promisify(execFile)(process.execPath, ['--import', tellsOfLoaded, fileURLToPath(entry)], {
    env: {},
    maxBuffer: 64_000_000,
  });
  const { stdout } = await run.catch((error: { stdout: string }) => error);
  return stdout.split('\n');
}

test('the gateway’s process loads no ORM and no driver of a database', async () => {
  const loaded = await loadedModules(gateway);
  expect(loaded.some((url) => url.includes('/node_modules/graphql/'))).toBe(true);
  expect(
    loaded.filter((url) => /\/node_modules\/(typeorm|pg|pg-[a-z-]+|reflect-metadata)\/|\/packages\/data\//.test(url)),
  ).toEqual([]);
}, 60_000);
