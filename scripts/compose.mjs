// Composes the subgraphs' SDL into what the gateway runs and what a client sees:
//
//   schema/subgraphs/*.graphql → schema/supergraph.graphql, schema/api.graphql
//
// and makes sure that schema/contract.graphql, which clients depend on, is contained in it, and that no coordinate is described
// twice. `--check` writes nothing, and fails when a file is stale.
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import process, { argv } from 'node:process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { composeServices, transformSupergraphToPublicSchema } from '@theguild/federation-composition';
import {
  buildASTSchema,
  GraphQLSchema,
  isSpecifiedDirective,
  lexicographicSortSchema,
  parse,
  printSchema,
} from 'graphql';
import { differencesFromContract } from './contract.mjs';
import { secondDescriptions } from './descriptions.mjs';

const folder = join(fileURLToPath(new URL('..', import.meta.url)), 'schema');

/** Resolves to what is wrong, one sentence each; empty when all is well. */
export async function compose({ check }) {
  const services = await readSubgraphs();
  if (services.length === 0) return ['schema/subgraphs holds no SDL: emit it first with "npm run schema".'];
  const { supergraphSdl, errors } = composeServices(services);
  if (!supergraphSdl) return (errors ?? []).map((error) => `The subgraphs cannot be composed: ${error.message}`);
  const api = publicSchema(supergraphSdl);
  const contract = parse(await readFile(join(folder, 'contract.graphql'), 'utf8'));
  const problems = differencesFromContract(contract, api).map(
    (difference) => `The contract is not kept: ${difference}`,
  );
  problems.push(...secondDescriptions(services));
  problems.push(...(await put('supergraph.graphql', supergraphSdl, check)));
  problems.push(...(await put('api.graphql', printSchema(api), check)));
  return problems;
}

/** What a client sees: of the directives those that it can write itself. The others are what routers read. */
function publicSchema(supergraphSdl) {
  const schema = buildASTSchema(transformSupergraphToPublicSchema(parse(supergraphSdl)));
  const directives = schema
    .getDirectives()
    .filter((one) => isSpecifiedDirective(one) || one.locations.some(isExecutable));
  return lexicographicSortSchema(new GraphQLSchema({ ...schema.toConfig(), directives }));
}

function isExecutable(location) {
  return ['QUERY', 'MUTATION', 'SUBSCRIPTION', 'FIELD', 'INLINE_FRAGMENT', 'FRAGMENT_SPREAD'].includes(location);
}

async function readSubgraphs() {
  const files = (await readdir(join(folder, 'subgraphs')).catch(() => []))
    .filter((file) => file.endsWith('.graphql'))
    .sort();
  return Promise.all(
    files.map(async (file) => {
      const name = basename(file, '.graphql');
      // The address of cluster mode as docker-compose.yml has it. The gateway takes its own from SUBGRAPH_*_URL.
      return {
        name,
        url: `http://${name}:4000/graphql`,
        typeDefs: parse(await readFile(join(folder, 'subgraphs', file), 'utf8')),
      };
    }),
  );
}

async function put(file, content, check) {
  const path = join(folder, file);
  const text = `${content.trimEnd()}\n`;
  const before = await readFile(path, 'utf8').catch(() => '');
  if (before === text) return [];
  if (check) return [`schema/${file} is stale: run "npm run schema" and commit it.`];
  await writeFile(path, text);
  return [];
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const problems = await compose({ check: argv.includes('--check') });
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
