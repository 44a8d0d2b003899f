// Makes what the console knows of the graph: types of each operation's variables and answer, its id, and the manifest of
// all operations, from console/src/graph/documents and schema/. Into console/src/graph/generated, which is not committed.
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parse } from 'graphql';
import { storeOperations } from '@tributary/gateway/store-operations';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = join(root, 'console', 'src', 'graph', 'documents');
const generated = join(root, 'console', 'src', 'graph', 'generated');

/**
 * Writes `operations.ts` and `manifest.json`, and for whoever develops `types.ts`, which a build does without. Throws with the file and
 * line of an operation that the graph does not take.
 */
export async function generateConsole({ types = false } = {}) {
  const supergraph = parse(await readFile(join(root, 'schema', 'supergraph.graphql'), 'utf8'));
  const files = (await readdir(documents)).filter((file) => file.endsWith('.graphql')).sort();
  const sources = await Promise.all(
    files.map(async (file) => ({ file, text: await readFile(join(documents, file), 'utf8') })),
  );
  const manifest = storeOperations(supergraph, sources);
  await mkdir(generated, { recursive: true });
  if (types) await writeChanged(join(generated, 'types.ts'), await typesOf());
  await writeChanged(join(generated, 'operations.ts'), operationsOf(manifest.operations));
  await writeChanged(join(generated, 'choices.ts'), choicesOf(supergraph));
  const offered = new Set(operationNames(sources.find(({ file }) => file === 'webhookTemplates.graphql').text));
  await writeChanged(
    join(generated, 'webhookTemplates.ts'),
    templatesOf(manifest.operations.filter(({ name }) => offered.has(name))),
  );
  await writeChanged(join(generated, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

async function typesOf() {
  const { generate } = await import('@graphql-codegen/cli');
  const [file] = await generate(
    {
      cwd: root,
      silent: true,
      schema: 'schema/api.graphql',
      documents: ['console/src/graph/documents/*.graphql'],
      generates: {
        'console/src/graph/generated/': {
          preset: 'client',
          presetConfig: { fragmentMasking: false },
          config: {
            useTypeImports: true,
            enumsAsTypes: true,
            strictScalars: true,
            scalars: { DateTime: 'string', Cursor: 'string', JSONObject: 'Record<string, unknown>' },
          },
        },
      },
    },
    false,
  ).then((outputs) => outputs.filter(({ filename }) => filename.endsWith('graphql.ts')));
  // What follows the types are texts that a browser need not load: it sends ids.
  return file.content
    .split('\n')
    .filter((line) => !line.startsWith('export const ') && !line.startsWith('import '))
    .join('\n');
}

function operationsOf(operations) {
  const lines = operations.map(
    ({ name, type, id }) =>
      `export const ${name} = /* @__PURE__ */ operation<types.${name}${capital(type)}, types.${name}${capital(type)}Variables>('${name}', '${id}');`,
  );
  return `import { operation } from '../operation';
import type * as types from './types';

${lines.join('\n')}
`;
}

/** Values that the graph has for what people choose from: none is offered that it would refuse. */
function choicesOf(supergraph) {
  const valuesOf = (name) =>
    supergraph.definitions.find((each) => each.kind === 'EnumTypeDefinition' && each.name.value === name).values;
  const list = (name) => JSON.stringify(valuesOf(name).map((value) => value.name.value));
  return `export const alertMetrics = ${list('AlertMetric')} as const;\nexport const alertDimensions = ${list('AlertDimension')} as const;\n`;
}

function operationNames(text) {
  return parse(text).definitions.flatMap(({ name }) => (name ? [name.value] : []));
}

/** Texts of subscriptions that are offered to be changed and sent to receivers: the only ones that a browser gets to see. */
function templatesOf(operations) {
  const entries = operations.map(({ name, body }) => `  ${name}: ${JSON.stringify(body)},`);
  return `export const webhookTemplates = {\n${entries.join('\n')}\n} as const;\n`;
}

function capital(word) {
  return word[0].toUpperCase() + word.slice(1);
}

/** A file that says the same keeps its time, so that a watching build does not stir. */
async function writeChanged(file, content) {
  if ((await readFile(file, 'utf8').catch(() => null)) !== content) await writeFile(file, content);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { operations } = await generateConsole({ types: true });
  console.log(`${operations.length} operations, the dearest costs ${Math.max(...operations.map(({ cost }) => cost))}.`);
}
