// Builds the console in a process of its own that yields to everything else, and ends with this one.
// Plain JavaScript without dependencies: it also runs on Node 20 in a fresh clone.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { childEnvironment, pinnedNode } from './ensure.mjs';
import { root } from './tree.mjs';

/** Nothing happens when it is built and up to date. */
export function buildConsoleBehind() {
  if (!existsSync(join(root, 'gateway', 'dist-console', '.built-with'))) {
    const installs = existsSync(join(root, 'console', 'node_modules', '.installed-with')) ? '' : 'installs 230 MB and ';
    console.log(
      `The console is not built yet: this ${installs}builds it in a minute or two, meanwhile /console says how far it is (TRIBUTARY_CONSOLE=off leaves it out).`,
    );
  }
  const builder = spawn(pinnedNode(), [join(root, 'scripts', 'build-console.mjs'), '--background'], {
    cwd: root,
    env: childEnvironment(),
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  builder.once('error', (error) => console.error(`The console could not be built: ${error.message}`));
  process.once('exit', () => builder.kill('SIGTERM'));
}
