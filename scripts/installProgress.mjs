// Shows how far npm is, which itself says nothing for minutes: by looking which packages are there.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { stderr } from 'node:process';
import { root } from './tree.mjs';

const lookEveryMs = 500;
const width = 30;

/** `paths`: of the packages that will be there. On a terminal one line is drawn anew; elsewhere each quarter gets a line. */
export function installProgress(paths) {
  const missing = paths.filter((path) => path.startsWith('node_modules/') && !isThere(path));
  const started = performance.now();
  let quarters = 0;
  const timer = setInterval(() => show(missing.filter(isThere).length), lookEveryMs);

  function show(count) {
    const share = missing.length === 0 ? 1 : count / missing.length;
    const seconds = Math.round((performance.now() - started) / 1000);
    const text = `${count} of ${missing.length} packages, ${seconds} s`;
    if (stderr.isTTY) {
      const done = Math.round(share * width);
      stderr.write(`\r  ${'█'.repeat(done)}${'░'.repeat(width - done)} ${text}`);
    } else if (share * 4 >= quarters + 1) {
      quarters = Math.floor(share * 4);
      stderr.write(`  ${text}\n`);
    }
  }

  return {
    end() {
      clearInterval(timer);
      const seconds = Math.round((performance.now() - started) / 1000);
      // Of packages with builds for several C libraries npm takes one: the count need not have come to its end.
      stderr.write(
        `${stderr.isTTY ? `\r  ${'█'.repeat(width)} ` : '  '}npm is done after ${seconds} s.${' '.repeat(12)}\n`,
      );
    },
  };
}

function isThere(path) {
  return existsSync(join(root, path, 'package.json'));
}
