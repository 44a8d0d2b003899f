import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { pages } from './pages.ts';

const folder = fileURLToPath(new URL('../../docs/reference/', import.meta.url));
const { values } = parseArgs({ options: { check: { type: 'boolean', default: false } } });

mkdirSync(folder, { recursive: true });
for (const [name, page] of Object.entries(pages)) {
  const fresh = page();
  if (!values.check) writeFileSync(`${folder}${name}`, fresh);
  else if (committed(name) !== fresh) {
    process.stderr.write(`docs/reference/${name} is stale: run "npm run reference" and commit it.\n`);
    process.exitCode = 1;
  }
}

function committed(name: string): string {
  try {
    return readFileSync(`${folder}${name}`, 'utf8');
  } catch {
    return '';
  }
}
