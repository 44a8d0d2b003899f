import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { exports } = JSON.parse(readFileSync(join(root, 'contracts/package.json'), 'utf8')) as {
  exports: Record<string, { source: string }>;
};
const doors = Object.entries(exports).map(([door, { source }]) => ({ door, entry: join('contracts', source) }));
const withValidation = ['./commands', './payloads'];

/** Bundles for browsers, where a module of Node cannot be had: the bundler fails on one. Answers the files that went in. */
async function bundledFiles(entry: string): Promise<string[]> {
  const outdir = await mkdtemp(join(tmpdir(), 'tributary-bundle-'));
  try {
    const { metafile } = await build({
      absWorkingDir: root,
      entryPoints: [entry],
      outdir,
      bundle: true,
      format: 'esm',
      platform: 'browser',
      conditions: ['source'],
      metafile: true,
      treeShaking: false,
      logLevel: 'silent',
    });
    return Object.keys(metafile.inputs);
  } finally {
    await rm(outdir, { recursive: true });
  }
}

const ofZod = (files: string[]) => files.filter((file) => file.includes('node_modules/zod/'));

describe('contracts in a browser', () => {
  test.each(doors)('$door is bundled, with no module of Node', async ({ door, entry }) => {
    const files = await bundledFiles(entry);
    expect(files.length).toBeGreaterThan(0);
    expect(ofZod(files).length > 0).toBe(withValidation.includes(door));
  });

  test('a module of Node would be found out', async () => {
    await expect(bundledFiles('packages/kernel/src/config.ts')).rejects.toThrow('node:fs');
  });

  test('the client carries no validator', async () => {
    const files = await bundledFiles('client/src/index.ts');
    expect(files).toContain('client/src/createTributaryClient.ts');
    expect(ofZod(files)).toEqual([]);
  });
});
