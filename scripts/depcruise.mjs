// `npm run depcruise`: holds the tree against the import stairs of .dependency-cruiser.cjs.
// `--root <folder>` looks at another tree, `--json` prints the violations for a program.
// dependency-cruiser is green when it sees nothing, or no types because it does not know the TypeScript that it finds: so
// it fails here without a TypeScript that it supports, and when it has looked at fewer files than there are.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import process, { chdir, cwd } from 'node:process';
import { parseArgs } from 'node:util';
import { cruise, getAvailableTranspilers } from 'dependency-cruiser';
import extractOptions from 'dependency-cruiser/config-utl/extract-depcruise-options';

const { values: flags } = parseArgs({ options: { root: { type: 'string' }, json: { type: 'boolean' } } });

const config = new URL('../.dependency-cruiser.cjs', import.meta.url).pathname;
const options = await extractOptions(config);
chdir(flags.root ?? new URL('..', import.meta.url).pathname);

if (!getAvailableTranspilers().some(({ name, available }) => name === 'typescript' && available)) {
  console.error(
    'dependency-cruiser does not support the installed TypeScript and would miss imports: see devDependencies.',
  );
  process.exit(1);
}

const folders = [
  'contracts',
  'packages',
  'subgraphs',
  'gateway',
  'worker',
  'embedded',
  'operate',
  'client',
  'migrations',
  'kit',
  'test',
  'prove',
  'benchmarks',
  'scripts',
  'parts.ts',
].filter(existsSync);
const { output } = await cruise(folders, { ...options, baseDir: cwd(), outputType: undefined });

const seen = new Set(output.modules.map((module) => module.source));
const unseen = folders.flatMap(typescriptBelow).filter((file) => !seen.has(file));
const { violations } = output.summary;
// A circle is found once from each of its files; the first says it all. The rest is one line each.
const comments = new Map(options.ruleSet.forbidden.map((rule) => [rule.name, rule.comment]));

if (flags.json) {
  console.log(JSON.stringify(violations.map(({ rule, from, to }) => ({ rule: rule.name, from, to }))));
} else {
  for (const { rule, from, to, cycle } of violations) {
    const path = cycle ? cycle.map((step) => step.name).join(' → ') : to;
    console.error(`${rule.name}: ${from}${path === from ? '' : ` → ${path}`}\n    ${comments.get(rule.name)}`);
  }
  console.log(`${violations.length} violations of ${comments.size} import rules in ${seen.size} modules.`);
}
if (unseen.length > 0) {
  console.error(
    `${unseen.length} files were not looked at, so this result means nothing:\n  ${unseen.slice(0, 20).join('\n  ')}`,
  );
}
if (violations.length > 0 || unseen.length > 0) process.exitCode = 1;

function typescriptBelow(folder) {
  if (folder.endsWith('.ts')) return [folder];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name).replaceAll('\\', '/');
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? [] : typescriptBelow(path);
    return /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
