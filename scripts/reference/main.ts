import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pages } from './pages.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

for (const [path, page] of Object.entries(pages)) {
  const file = `${root}${path}`;
  const fresh = page();
  if (!values.check) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, fresh);
  } else if (committed(file) !== fresh) {
    process.stderr.write(`${path} is stale: run "npm run reference" and commit it.\n`);
    process.exitCode = 1;
  }
}

function committed(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
