// Which version and commit this tree is. Plain JavaScript without dependencies.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { env } from 'node:process';
import { root } from './tree.mjs';

/** The commit that this tree stands at: of git, or what TRIBUTARY_COMMIT says where there is no git, such as in an image. May be empty. */
export function commitOfTree() {
  const git = spawnSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' });
  return (git.status === 0 ? git.stdout.trim() : env.TRIBUTARY_COMMIT) ?? '';
}

/** Such as `tributary 0.1.0 (9fceb02a…)`, as each process says with `--version`. */
export function versionLine() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const commit = commitOfTree();
  return `tributary ${version}${commit && ` (${commit})`}`;
}
