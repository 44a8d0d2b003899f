// Where the tree is, and how a script ends that cannot go on. Plain JavaScript without dependencies: it runs before anything is installed.
import { exit } from 'node:process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export function fail(message) {
  console.error(message);
  exit(1);
}
