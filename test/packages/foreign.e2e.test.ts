import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tributary-foreign-'));

/** What somebody outside writes who follows flows and reads the contract. */
const page = `
import { createTributaryClient, hasEnded, isReset, TributaryError } from '@tributary/client';
import type { FlowEvent, TributaryClient } from '@tributary/client';
import { closeCodes } from '@tributary/contracts/closeCodes';
import { errorRegister, type ErrorCode } from '@tributary/contracts/errors';
import { flowEventTypes, type FlowEventType } from '@tributary/contracts/events';
import { decodeId } from '@tributary/contracts/ids';
import { flowStatuses } from '@tributary/contracts/values';

export async function follow(client: TributaryClient, flowId: string): Promise<string | null> {
  for await (const event of client.flowProgress<{ flow: { assets: { totalCount: number } } }>(flowId)) {
    const count: number = event.flow.assets.totalCount;
    if (isReset(event)) return event.data.reason;
    if (hasEnded(event.status) && count > 0) return event.message;
  }
  return null;
}
export const known: readonly FlowEventType[] = flowEventTypes;
export const meaning = (code: ErrorCode): string => errorRegister[code].meaning;
export const expired: 4440 = closeCodes.expired;
export const tag: string = decodeId('flow_0190a5c8-7b1e-7cc3-9d5c-3f8f7b1e7cc3').tag;
export const client = createTributaryClient({ url: 'ws://127.0.0.1:1/graphql', apiKey: 'none' });
// @ts-expect-error A status is text, not a number.
export const wrong: FlowEvent['status'] = 3;
// @ts-expect-error An endpoint is needed.
export const nowhere = () => createTributaryClient({ apiKey: 'none' });
client.close();
if (!(new TributaryError('INVALID_INPUT', '') instanceof Error) || !flowStatuses.includes('PAUSED')) throw new Error('not what was packed');
`;

const commands = `
import { figuresCommand } from '@tributary/contracts/commands';
import { flowEventPayload } from '@tributary/contracts/payloads';
export const name: string = figuresCommand.name;
export const ok: boolean = flowEventPayload.safeParse({}).success;
`;

const options = {
  strict: true,
  target: 'ES2022',
  lib: ['ES2022', 'DOM'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  types: [],
  outDir: 'out',
};

beforeAll(() => {
  const packed = run(root, process.execPath, ['scripts/pack.mjs', '--to', folder]);
  const tarballs = packed.output.trim().split('\n');
  expect(tarballs).toHaveLength(2);
  write('package.json', { name: 'foreign', private: true, type: 'module' });
  write('tsconfig.json', { compilerOptions: options, files: ['page.ts'] });
  // zod's own types want TypeScript 5.5; everything of ours is checked all the same.
  write('tsconfig.commands.json', { compilerOptions: { ...options, skipLibCheck: true }, files: ['commands.ts'] });
  writeFileSync(join(folder, 'page.ts'), page);
  writeFileSync(join(folder, 'commands.ts'), commands);
  const graphql = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest).devDependencies.graphql;
  const install = ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs, `graphql@${graphql}`];
  expect(run(folder, 'npm', install)).toMatchObject({ code: 0 });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packages, installed by somebody else', () => {
  test.each([
    ['TypeScript 5.4', 'typescript-oldest'],
    ['TypeScript 7', 'typescript-native'],
  ])(
    'type-check under strict with %s',
    (_name, compiler) => {
      const tsc = join(root, 'node_modules', compiler, 'bin', 'tsc');
      expect(run(folder, process.execPath, [tsc, '--project', 'tsconfig.json'])).toEqual({ code: 0, output: '' });
      expect(run(folder, process.execPath, [tsc, '--project', 'tsconfig.commands.json'])).toEqual({
        code: 0,
        output: '',
      });
    },
    60_000,
  );

  test('run in Node as they are', () => {
    expect(run(folder, process.execPath, ['out/page.js'])).toEqual({ code: 0, output: '' });
    expect(run(folder, process.execPath, ['out/commands.js'])).toEqual({ code: 0, output: '' });
  });

  test('say where their types are, and lead to no source', () => {
    for (const name of ['client', 'contracts']) {
      const text = readFileSync(join(folder, 'node_modules/@tributary', name, 'package.json'), 'utf8');
      const { exports } = JSON.parse(text) as { exports: Record<string, object> };
      for (const door of Object.values(exports)) expect(Object.keys(door)).toEqual(['types', 'default']);
    }
  });
});

interface Manifest {
  readonly devDependencies: Readonly<Record<string, string>>;
}

function write(file: string, content: unknown): void {
  writeFileSync(join(folder, file), JSON.stringify(content));
}

function run(cwd: string, file: string, args: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(file, args, { cwd, encoding: 'utf8' });
  return { code: status, output: status === 0 ? stdout : `${stdout}${stderr}` };
}
