// Bundles the GraphiQL page that the gateway serves: gateway/graphiql → gateway/dist-sandbox. It takes some seconds, and
// none at all when nothing has changed since. `--force` builds anyway.
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process, { argv, pid, stderr } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'gateway', 'graphiql');
const packages = [
  'graphiql',
  '@graphiql/react',
  'monaco-editor',
  'monaco-graphql',
  'react',
  'react-dom',
  'graphql',
  'graphql-ws',
  'esbuild',
];

/** Where the page is when `buildGraphiql` has resolved. */
export const sandboxFolder = join(root, 'gateway', 'dist-sandbox');

/** Builds the page unless it is there and up to date. True when it was built. */
export async function buildGraphiql({ force = false } = {}) {
  const recipe = await recipeOf();
  const built = await readFile(join(sandboxFolder, '.built-with'), 'utf8').catch(() => '');
  if (!force && built === recipe) return false;
  const started = performance.now();
  // Built beside and renamed, so that a gateway never serves half of it.
  const beside = `${sandboxFolder}.${pid}.tmp`;
  await rm(beside, { recursive: true, force: true });
  await mkdir(beside, { recursive: true });
  try {
    await bundle(beside);
    await writeFile(join(beside, '.built-with'), recipe);
    await rm(sandboxFolder, { recursive: true, force: true });
    await rename(beside, sandboxFolder);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  stderr.write(`Built the GraphiQL page in ${((performance.now() - started) / 1000).toFixed(1)} s.\n`);
  return true;
}

async function recipeOf() {
  const hash = createHash('sha256');
  for (const name of (await readdir(source)).sort()) hash.update(name).update(await readFile(join(source, name)));
  hash.update(await readFile(join(root, 'contracts', 'src', 'closeCodes.ts')));
  hash.update(await readFile(fileURLToPath(import.meta.url)));
  for (const name of packages) {
    hash
      .update(name)
      .update(JSON.parse(await readFile(join(root, 'node_modules', name, 'package.json'), 'utf8')).version);
  }
  return hash.digest('hex');
}

async function bundle(outdir) {
  const { build } = await import('esbuild');
  const common = {
    absWorkingDir: root,
    outdir,
    bundle: true,
    minify: true,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    entryNames: '[name]-[hash]',
    assetNames: '[name]-[hash]',
    target: ['chrome120', 'firefox120', 'safari17'],
    define: { 'process.env.NODE_ENV': '"production"', 'globalThis.process.env.NODE_ENV': '"production"' },
  };
  const workers = await build({
    ...common,
    format: 'iife',
    entryPoints: {
      'editor.worker': 'node_modules/monaco-editor/esm/vs/editor/editor.worker.js',
      'json.worker': 'node_modules/monaco-editor/esm/vs/language/json/json.worker.js',
      'graphql.worker': 'node_modules/monaco-graphql/esm/graphql.worker.js',
    },
  });
  const urlOf = (result, name) => {
    const file = Object.keys(result.metafile.outputs).find(
      (path) => path.split('/').at(-1).startsWith(name) && !path.endsWith('.map'),
    );
    if (!file) throw new Error(`esbuild wrote no ${name}.`);
    return `/sandbox/${file.split('/').at(-1)}`;
  };
  const page = await build({
    ...common,
    format: 'esm',
    jsx: 'automatic',
    entryPoints: { app: join(source, 'app.jsx') },
    loader: { '.ttf': 'file', '.woff2': 'file', '.woff': 'file', '.svg': 'file' },
    publicPath: '/sandbox/',
    define: {
      ...common.define,
      __EDITOR_WORKER__: JSON.stringify(urlOf(workers, 'editor.worker')),
      __JSON_WORKER__: JSON.stringify(urlOf(workers, 'json.worker')),
      __GRAPHQL_WORKER__: JSON.stringify(urlOf(workers, 'graphql.worker')),
    },
  });
  const cssOf = Object.keys(page.metafile.outputs)
    .find((path) => path.endsWith('.css'))
    .split('/')
    .at(-1);
  const scriptOf = Object.keys(page.metafile.outputs)
    .find((path) => /\/app-[^/]*\.js$/.test(path))
    .split('/')
    .at(-1);
  const icon = `data:image/svg+xml;base64,${(await readFile(join(source, 'icon.svg'))).toString('base64')}`;
  const html = (await readFile(join(source, 'index.html'), 'utf8'))
    .replace('__ICON__', icon)
    .replace('__STYLE__', `/sandbox/${cssOf}`)
    .replace('__SCRIPT__', `/sandbox/${scriptOf}`);
  await writeFile(join(outdir, 'index.html'), html);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await buildGraphiql({ force: argv.includes('--force') });
