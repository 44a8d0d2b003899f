import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface FileReport {
  filePath: string;
  messages: { ruleId: string; message: string }[];
}

const readsEnvironment = 'export const home = process.env.HOME;\n';

const violations = [
  {
    promise: 'a promise is not left to itself',
    file: 'packages/kernel/src/floating.ts',
    code: 'export function begin() {\n  Promise.resolve(1);\n}\n',
    rule: '@typescript-eslint/no-floating-promises',
    says: /awaited/,
  },
  {
    promise: 'a promise is not given to what does not wait',
    file: 'packages/kernel/src/misused.ts',
    code: 'setTimeout(async () => {\n  await Promise.resolve();\n}, 1);\n',
    rule: '@typescript-eslint/no-misused-promises',
    says: /void return/,
  },
  {
    promise: 'nothing is of type any',
    file: 'packages/kernel/src/any.ts',
    code: 'export const thing: any = 1;\n',
    rule: '@typescript-eslint/no-explicit-any',
    says: /any/,
  },
  {
    promise: 'a type is imported as a type',
    file: 'packages/kernel/src/typeImport.ts',
    code: "import { Stats } from 'node:fs';\nexport const stats: Stats | null = null;\n",
    rule: '@typescript-eslint/consistent-type-imports',
    says: /import type/,
  },
  {
    promise: 'exports have names',
    file: 'packages/kernel/src/defaultExport.ts',
    code: 'export default function nameless() {}\n',
    rule: 'no-restricted-syntax',
    says: /Export by name/,
  },
  {
    promise: 'exports are listed',
    file: 'packages/kernel/src/exportAll.ts',
    code: "export * from 'node:fs';\n",
    rule: 'no-restricted-syntax',
    says: /List what is exported/,
  },
  {
    promise: 'the environment is read in config.ts alone',
    file: 'packages/kernel/src/environment.ts',
    code: readsEnvironment,
    rule: 'no-restricted-syntax',
    says: /Only config\.ts/,
  },
  {
    promise: 'the environment is not read under another name either',
    file: 'packages/kernel/src/environmentImport.ts',
    code: "import { env } from 'node:process';\nexport const home = env.HOME;\n",
    rule: 'no-restricted-syntax',
    says: /Only config\.ts/,
  },
  {
    promise: 'a root field names an action',
    file: 'packages/kernel/src/rootField.ts',
    code: 'declare function Query(): MethodDecorator;\nexport class Resolver {\n  @Query()\n  flows(): string {\n    return "";\n  }\n}\n',
    rule: 'no-restricted-syntax',
    says: /@Allow/,
  },
  {
    promise: 'the product logs, it does not print',
    file: 'packages/kernel/src/print.ts',
    code: "console.log('here');\n",
    rule: 'no-console',
    says: /console/,
  },
  {
    promise: 'what clients see of the graph is described',
    file: 'schema/api.graphql',
    code: '"What can be read."\ntype Query {\n  thing: String\n}\n',
    rule: '@graphql-eslint/require-description',
    says: /is required/,
  },
];

const allowed = {
  'gateway/src/config.ts': readsEnvironment,
  'gateway/test/environment.test.ts': readsEnvironment,
  'embedded/src/main.ts': "console.log('ready');\n",
};

describe('the lint rules', () => {
  let tree: string;
  const messages = new Map<string, FileReport['messages']>();

  beforeAll(async () => {
    tree = await mkdtemp(join(tmpdir(), 'tributary-lint-'));
    await symlink(join(root, 'node_modules'), join(tree, 'node_modules'), 'dir');
    for (const file of ['package.json', 'eslint.config.mjs', 'tsconfig.json', 'tsconfig.base.json']) {
      await cp(join(root, file), join(tree, file));
    }
    const planted = violations.map(({ file, code }) => [file, code] as const);
    for (const [file, code] of [...planted, ...Object.entries(allowed)]) {
      await mkdir(dirname(join(tree, file)), { recursive: true });
      await writeFile(join(tree, file), code);
    }
    const eslint = join(root, 'node_modules', 'eslint', 'bin', 'eslint.js');
    const { stdout } = await promisify(execFile)(process.execPath, [eslint, '--format', 'json', '.'], {
      cwd: tree,
    }).catch((error: { stdout: string }) => error);
    for (const report of JSON.parse(stdout) as FileReport[]) {
      messages.set(relative(tree, report.filePath), report.messages);
    }
  }, 120_000);
  afterAll(() => rm(tree, { recursive: true }));

  test.each(violations)('$promise', ({ file, rule, says }) => {
    const message = expect.stringMatching(says) as unknown as string;
    expect(messages.get(file)).toContainEqual(expect.objectContaining({ ruleId: rule, message }));
  });

  test.each(Object.keys(allowed))('%s may', (file) => {
    expect(messages.get(file)).toEqual([]);
  });
});
