import { execFile, execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { parts } from '../../parts.js';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
const line = `tributary ${version} (${commit})\n`;

const operatorsCommands = globSync('operate/dist/*Main.js', { cwd: root });
const processes = [...new Set([...parts.map(({ entry }) => entry), ...operatorsCommands])];

test.each(['scripts/start.mjs', ...processes])(
  '%s --version says which version of which commit it is, and does nothing else',
  async (entry) => {
    const env = { PATH: process.env['PATH'] };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [entry, '--version'], { cwd: root, env });
    expect({ stdout, stderr }).toEqual({ stdout: line, stderr: '' });
  },
  30_000,
);
