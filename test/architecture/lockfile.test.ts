import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

interface LockedPackage {
  version?: string;
  resolved?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

const file = new URL('../../package-lock.json', import.meta.url);
const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, LockedPackage> };

/** Whether the package that lies at `path` finds `name`: in its own node_modules, or in one further out. */
function isLocked(path: string, name: string): boolean {
  for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('node_modules/') - 1))) {
    if (packages[`${folder === '' ? '' : `${folder}/`}node_modules/${name}`]) return true;
    if (folder === '') return false;
  }
}

test('the lock names the packages of every platform, without which npm ci refuses it on all of them', () => {
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(path, name))
      .map((name) => `${name} for ${path}`),
  );
  expect(missing).toEqual([]);
});

test('the lock names no registry, so that everybody installs from their own', () => {
  const hosts = Object.values(packages).flatMap(({ link, resolved }) => (link || !resolved ? [] : [resolved]));
  expect(hosts).toEqual([]);
});
