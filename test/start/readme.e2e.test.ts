import { execFile, spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { newDataFolder } from '@tributary/kit';
import { startSystem } from '../e2e/harness.js';
import type { System } from '../e2e/harness.js';

const root = join(import.meta.dirname, '../..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');

/** The snippets of a language behind `npm start`, in order: word for word, but for the port. */
function snippets(language: string): string[] {
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1]!,
  );
  return blocks
    .filter((block) => block.trim() !== 'npm start')
    .map((block) => block.replaceAll('localhost:4000', new URL(system.url).host));
}

// Not the Node that we install, but the one that its reader has.
const path = process.env['PATH']!.split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);

let system: System;
beforeAll(async () => {
  system = await startSystem('embedded', { DEMO_DATA: 'true' });
}, 120_000);
afterAll(() => system?.close());

test('the README’s tour runs word for word, on the Node of its reader', async () => {
  const folder = newDataFolder('readme');
  try {
    const lines = await bash([...snippets('sh')].join('\n'), folder);
    const [first, tour, upload] = lines.map((line) => JSON.parse(line) as Record<string, any>);
    expect(first).toMatchObject({ data: { flows: { nodes: [{ status: 'SUCCEEDED' }] } } });
    expect(tour).toMatchObject({ data: { flow: { status: expect.any(String), progress: expect.any(Number) } } });
    expect(upload).toMatchObject({ uploadId: expect.stringMatching(/^upload_/), bytes: 38 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);

test('what the README watches with runs word for word, and goes on behind the cursor that it is handed', async () => {
  const [watch] = snippets('js');
  const file = join(root, `watch-${process.pid}.mjs`);
  writeFileSync(file, watch!);
  const { accessToken } = await system.signIn();
  const owner = await system.signIn();
  const start = async (name: string) =>
    owner.ask('mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }', {
      input: { kind: 'crew', name, phases: ['a'] },
    });
  try {
    const seen = await firstLines(file, [accessToken], 2, () => start('seen'));
    expect(seen[0]).toMatchObject({ type: 'stream.snapshot', cursor: expect.any(String) });
    expect(seen[1]).toMatchObject({ type: 'flow.created', flow: { name: 'seen' } });
    await start('missed');
    const [next] = await firstLines(file, [accessToken, String(seen[1]!['cursor'])], 1);
    expect(next).toMatchObject({ type: 'flow.created', flow: { name: 'missed' } });
  } finally {
    rmSync(file);
  }
}, 60_000);

/** What a shell prints that is given all of it, line by line. */
async function bash(script: string, cwd: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], {
    cwd,
    env: { ...process.env, PATH: path, NODE_OPTIONS: '' },
  });
  return stdout.split('\n').filter((line) => line.trim() !== '');
}

/** The first JSON lines that a program prints, which is then ended. `then` is done after the first. */
async function firstLines(file: string, args: string[], count: number, then?: () => Promise<unknown>) {
  const child = spawn('node', [file, ...args], {
    env: { ...process.env, PATH: path, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: Record<string, unknown>[] = [];
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(JSON.parse(line) as Record<string, unknown>);
      if (lines.length === 1) await then?.();
      if (lines.length === count) return lines;
    }
    throw new Error(`It ended after ${lines.length} lines.`);
  } finally {
    child.kill('SIGKILL');
  }
}
