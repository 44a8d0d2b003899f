// A small tree with the layout of this repository, and for each import rule a file that breaks it.

export const npmPackages = ['typeorm', 'type-graphql', 'ioredis', 'graphile-worker', 'pg', 'graphql-ws', 'zod'];

const packages = [
  'kernel',
  'auth',
  'process',
  'observability',
  'redis',
  'limits',
  'data',
  'events',
  'jobs',
  'commands',
  'server',
  'postgres',
];
const subgraphs = ['flow', 'asset'];

/** Name → folder, for the symbolic links that npm makes of workspaces. */
export const workspaces: Record<string, string> = {
  ...Object.fromEntries(packages.map((name) => [`@tributary/${name}`, `packages/${name}`])),
  ...Object.fromEntries(subgraphs.map((name) => [`@tributary/subgraph-${name}`, `subgraphs/${name}`])),
  '@tributary/contracts': 'contracts',
  '@tributary/gateway': 'gateway',
  '@tributary/worker': 'worker',
  '@tributary/embedded': 'embedded',
  '@tributary/operate': 'operate',
  '@tributary/kit': 'kit',
  '@tributary/client': 'client',
  '@tributary/migrations': 'migrations',
};

export function manifest(name: string, dependencies: string[], devDependencies: string[] = []): string {
  const versions = (names: string[]) => Object.fromEntries(names.map((each) => [each, '1.0.0']));
  const source = name === '@tributary/migrations' ? './index.ts' : './src/index.ts';
  return JSON.stringify({
    name,
    version: '0.1.0',
    type: 'module',
    exports: {
      '.': { source, default: './dist/index.js' },
      './*': { source: './src/*.ts', default: './dist/*.js' },
    },
    dependencies: versions(dependencies),
    devDependencies: versions(devDependencies),
  });
}

const uses = (...names: string[]) =>
  `${names.map((name) => `import '${name}';`).join('\n')}\nexport const used = true;\n`;
const ours = (...names: string[]) => names.map((name) => `@tributary/${name}`);

/** Keeps to every rule, and uses everything that a rule allows. */
export const cleanTree: Record<string, string> = {
  ...Object.fromEntries(
    Object.entries(workspaces).map(([name, folder]) => [
      `${folder}/package.json`,
      manifest(name, [...npmPackages, ...Object.keys(workspaces)]),
    ]),
  ),
  'contracts/src/ids.ts': 'export const id = 1;\n',
  'contracts/src/commands/index.ts': uses('zod', '../ids.js'),
  'packages/kernel/src/index.ts': `export type Id = string;\n${uses('./id.js', './config.js')}`,
  'packages/kernel/src/id.ts': 'export const id = 1;\n',
  'packages/observability/src/index.ts': uses(...ours('kernel')),
  'packages/redis/src/index.ts': uses('ioredis', ...ours('kernel', 'observability')),
  'packages/limits/src/index.ts': uses(...ours('kernel', 'observability', 'redis')),
  'packages/data/src/index.ts': uses('pg', 'typeorm', ...ours('kernel', 'observability')),
  'packages/data/test/data.db.test.ts': uses('pg', '../src/index.js', ...ours('kit')),
  'packages/events/src/index.ts': uses('ioredis', ...ours('kernel', 'data')),
  'packages/auth/src/index.ts': uses(...ours('kernel')),
  'packages/kernel/src/config.ts': uses('node:fs'),
  'packages/process/src/index.ts': uses('node:v8', ...ours('kernel')),
  'packages/commands/src/index.ts': uses(...ours('contracts/commands/index', 'kernel', 'auth')),
  'packages/server/src/index.ts': `export interface Subgraph { name: string }\n${uses('type-graphql', ...ours('auth', 'commands'))}`,
  'packages/postgres/src/index.ts': uses(...ours('kernel')),
  'kit/src/index.ts': uses('pg', 'ioredis', ...ours('server', 'postgres', 'migrations', 'gateway')),
  'subgraphs/flow/src/index.ts': uses('./graphql/flowResolver.js', ...ours('server', 'jobs')),
  'subgraphs/flow/src/main.ts': uses('./index.js'),
  'subgraphs/flow/src/graphql/flowResolver.ts': uses('type-graphql', '../domain/startFlow.js'),
  'subgraphs/flow/src/domain/startFlow.ts': uses('./discovery/startDiscovery.js', './runners/report.js'),
  'subgraphs/flow/src/domain/flow/findFlow.ts': uses('../../storage/flowRow.js', ...ours('data')),
  'subgraphs/flow/src/domain/engine/runPhase.ts': uses('../flow/findFlow.js'),
  'subgraphs/flow/src/domain/runners/report.ts': uses('../flow/findFlow.js'),
  'subgraphs/flow/src/domain/discovery/startDiscovery.ts': uses('../engine/runPhase.js', './agents/reader.js'),
  'subgraphs/flow/src/domain/discovery/agents/reader.ts': uses('../tools/tools.js', '../source/openSource.js'),
  'subgraphs/flow/src/domain/discovery/tools/tools.ts': uses('../../../storage/flowRow.js', ...ours('data')),
  'subgraphs/flow/src/domain/discovery/source/openSource.ts': uses(...ours('kernel')),
  'subgraphs/flow/src/storage/flowRow.ts': uses('typeorm', ...ours('data')),
  'packages/jobs/src/index.ts': uses('graphile-worker', 'pg', ...ours('kernel', 'data')),
  'worker/src/index.ts': uses(...ours('server', 'jobs', 'subgraph-flow', 'subgraph-asset')),
  'subgraphs/asset/src/index.ts': uses('./graphql/assetResolver.js'),
  'subgraphs/asset/src/graphql/assetResolver.ts': uses('type-graphql', '../domain/findAsset.js'),
  'subgraphs/asset/src/domain/findAsset.ts': uses('../storage/assetRow.js'),
  'subgraphs/asset/src/storage/assetRow.ts': uses('typeorm'),
  'gateway/src/settings.ts': 'export const settings = 1;\n',
  'gateway/src/createGateway.ts': uses('./protocols/sockets/SocketServer.js', './protocols/http/exchange.js'),
  'gateway/src/protocols/sockets/SocketServer.ts': uses('../http/exchange.js', '../../runner/run.js'),
  'gateway/src/protocols/http/exchange.ts': uses('../../runner/run.js', '../../result/answer.js'),
  'gateway/src/runner/run.ts': uses('../streams/open.js', '../upstream/engine.js', '../settings.js'),
  'gateway/src/streams/open.ts': uses('../upstream/engine.js', '../operations/known.js'),
  'gateway/src/upstream/engine.ts': uses('../operations/known.js', '../result/answer.js'),
  'gateway/src/operations/known.ts': uses('../callers/caller.js'),
  'gateway/src/callers/caller.ts': uses('../result/answer.js', '../settings.js'),
  'gateway/src/result/answer.ts': 'export const answer = 1;\n',
  'gateway/src/index.ts': uses(
    './createGateway.js',
    ...ours('kernel', 'process', 'observability', 'redis', 'limits', 'auth', 'commands'),
  ),
  'embedded/src/main.ts': uses(
    ...ours('gateway', 'worker', 'subgraph-flow', 'subgraph-asset', 'postgres', 'migrations'),
  ),
  'client/src/index.ts': uses('graphql-ws', ...ours('contracts/ids')),
  'client/test/client.test.ts': uses('node:fs', '../src/index.js', ...ours('kit')),
  'migrations/index.ts': uses('./0001-first.js'),
  'migrations/0001-first.ts': uses('typeorm', ...ours('data')),
  'test/e2e/all.e2e.test.ts': uses(...ours('kit', 'embedded', 'subgraph-flow')),
  'embedded/src/index.ts': uses(...ours('gateway')),
  'operate/src/adminMain.ts': uses(...ours('embedded', 'subgraph-flow', 'migrations')),
  'prove/chaos/chaos.ts': uses(...ours('kit', 'subgraph-flow')),
};

export interface Violation {
  rule: string;
  breaks: string;
  /** The first file is the culprit. */
  files: Record<string, string>;
}

const breaking = (rule: string, breaks: string, culprit: string, content: string, more = {}): Violation => ({
  rule,
  breaks,
  files: { [culprit]: content, ...more },
});

export const violations: Violation[] = [
  breaking(
    'stairs-kernel',
    'kernel imports observability',
    'packages/kernel/src/bad.ts',
    uses(...ours('observability')),
  ),
  breaking(
    'stairs-kernel',
    'kernel imports a type of data',
    'packages/kernel/src/badType.ts',
    "import type { used } from '@tributary/data';\nexport type Bad = typeof used;\n",
  ),
  breaking('kernel-is-pure', 'kernel imports a module of Node', 'packages/kernel/src/badNode.ts', uses('node:v8')),
  breaking('stairs-process', 'process imports data', 'packages/process/src/bad.ts', uses(...ours('data'))),
  breaking(
    'stairs-observability',
    'observability imports data',
    'packages/observability/src/bad.ts',
    uses(...ours('data')),
  ),
  breaking('stairs-redis', 'redis imports data', 'packages/redis/src/bad.ts', uses(...ours('data'))),
  breaking('stairs-limits', 'limits imports data', 'packages/limits/src/bad.ts', uses(...ours('data'))),
  breaking('stairs-data', 'data imports events', 'packages/data/src/bad.ts', uses(...ours('events'))),
  breaking('stairs-events', 'events imports server', 'packages/events/src/bad.ts', uses(...ours('server'))),
  breaking('stairs-cache', 'cache imports server', 'packages/cache/src/bad.ts', uses(...ours('server'))),
  breaking('stairs-auth', 'auth imports data', 'packages/auth/src/bad.ts', uses(...ours('data'))),
  breaking('stairs-commands', 'commands imports data', 'packages/commands/src/bad.ts', uses(...ours('data'))),
  breaking('stairs-jobs', 'jobs imports server', 'packages/jobs/src/bad.ts', uses(...ours('server'))),
  breaking('stairs-postgres', 'the launcher imports data', 'packages/postgres/src/bad.ts', uses(...ours('data'))),
  breaking('kit-is-for-tests', 'server imports the kit', 'packages/server/src/badKit.ts', uses(...ours('kit'))),
  breaking(
    'packages-are-below',
    'server imports a subgraph',
    'packages/server/src/badSubgraph.ts',
    uses(...ours('subgraph-flow')),
  ),
  breaking(
    'subgraphs-never-meet',
    'flow imports asset',
    'subgraphs/flow/src/domain/badAsset.ts',
    uses(...ours('subgraph-asset')),
  ),
  breaking(
    'subgraphs-never-meet',
    'a test of flow imports asset',
    'subgraphs/flow/test/badAsset.test.ts',
    uses(...ours('subgraph-asset')),
  ),
  breaking(
    'subgraphs-are-below',
    'flow imports the gateway',
    'subgraphs/flow/src/badGateway.ts',
    uses(...ours('gateway')),
  ),
  breaking(
    'subgraphs-start-no-database',
    'flow starts PostgreSQL',
    'subgraphs/flow/src/badPostgres.ts',
    uses(...ours('postgres')),
  ),
  breaking('gateway-has-no-database', 'the gateway imports data', 'gateway/src/badData.ts', uses(...ours('data'))),
  breaking(
    'gateway-has-no-database',
    'the gateway imports a subgraph',
    'gateway/src/badSubgraph.ts',
    uses(...ours('subgraph-flow')),
  ),
  breaking(
    'gateway-loads-no-orm',
    'what the gateway imports leads to data',
    'gateway/src/badReach.ts',
    uses('./badData.js'),
  ),
  breaking(
    'gateway-runner',
    'the runner imports a protocol',
    'gateway/src/runner/badProtocol.ts',
    uses('../protocols/http/exchange.js'),
  ),
  breaking(
    'gateway-streams',
    'streams import the runner',
    'gateway/src/streams/badRunner.ts',
    uses('../runner/run.js'),
  ),
  breaking(
    'gateway-upstream',
    'what calls subgraphs imports what clients watch',
    'gateway/src/upstream/executor/badStream.ts',
    uses('../../streams/open.js'),
  ),
  breaking(
    'gateway-operations',
    'a rule on documents imports the engine',
    'gateway/src/operations/rules/badEngine.ts',
    uses('../../upstream/engine.js'),
  ),
  breaking(
    'gateway-callers',
    'what knows callers imports operations',
    'gateway/src/callers/badOperation.ts',
    uses('../operations/known.js'),
  ),
  breaking(
    'gateway-result',
    'what formats answers imports callers',
    'gateway/src/result/badCaller.ts',
    "import type { used } from '../callers/caller.js';\nexport type Bad = typeof used;\n",
  ),
  breaking(
    'gateway-doors-are-apart',
    'HTTP imports the sockets',
    'gateway/src/protocols/http/badSocket.ts',
    uses('../sockets/SocketServer.js'),
  ),
  breaking(
    'gateway-is-put-together-outside',
    'a room imports what puts it together',
    'gateway/src/operations/badTop.ts',
    uses('../createGateway.js'),
  ),
  breaking(
    'migrations-see-data',
    'a migration imports a subgraph',
    'migrations/0002-bad.ts',
    uses(...ours('subgraph-flow')),
  ),
  breaking(
    'migrations-run-from-above',
    'flow migrates',
    'subgraphs/flow/src/badMigrations.ts',
    uses(...ours('migrations')),
  ),
  breaking('contracts-stand-alone', 'contracts import kernel', 'contracts/src/badKernel.ts', uses(...ours('kernel'))),
  breaking(
    'contracts-run-in-browsers',
    'contracts import a module of Node',
    'contracts/src/badNode.ts',
    uses('node:fs'),
  ),
  breaking('contracts-carry-only-zod', 'a command imports a driver', 'contracts/src/commands/badPg.ts', uses('pg')),
  breaking('contracts-validate-in-two-places', 'ids import zod', 'contracts/src/badZod.ts', uses('zod')),
  breaking(
    'contracts-validate-in-two-places',
    'ids import a command',
    'contracts/src/badCommand.ts',
    uses('./commands/index.js'),
  ),
  breaking(
    'client-stands-alone',
    'the client loads a validator',
    'client/src/badCommand.ts',
    uses(...ours('contracts/commands/index')),
  ),
  breaking('client-stands-alone', 'the client imports kernel', 'client/src/badKernel.ts', uses(...ours('kernel'))),
  breaking('client-runs-in-browsers', 'the client imports a module of Node', 'client/src/badNode.ts', uses('node:fs')),
  breaking(
    'embedded-is-the-top',
    'the gateway imports embedded',
    'gateway/src/badEmbedded.ts',
    uses(...ours('embedded')),
  ),
  breaking(
    'operate-is-started',
    'embedded imports the operator’s commands',
    'embedded/src/badOperate.ts',
    uses('../../operate/src/adminMain.js'),
  ),
  breaking(
    'storage-answers',
    'storage imports domain',
    'subgraphs/asset/src/storage/badDomain.ts',
    uses('../domain/findAsset.js'),
  ),
  breaking(
    'storage-answers',
    'storage imports graphql',
    'subgraphs/asset/src/storage/badGraphql.ts',
    uses('../graphql/assetResolver.js'),
  ),
  breaking(
    'domain-decides',
    'domain imports graphql',
    'subgraphs/asset/src/domain/badGraphql.ts',
    uses('../graphql/assetResolver.js'),
  ),
  breaking(
    'resolvers-translate',
    'a resolver reads storage',
    'subgraphs/asset/src/graphql/badStorage.ts',
    uses('../storage/assetRow.js'),
  ),
  breaking(
    'flow-is-the-ground',
    'what all flows share imports the engine',
    'subgraphs/flow/src/domain/flow/badEngine.ts',
    uses('../engine/runPhase.js'),
  ),
  breaking(
    'flow-engine-knows-no-kind',
    'the engine imports a kind’s type',
    'subgraphs/flow/src/domain/engine/badKind.ts',
    "import type { used } from '../discovery/tools/tools.js';\nexport type Bad = typeof used;\n",
  ),
  breaking(
    'flow-runners-stand-alone',
    'flows of runners import the engine',
    'subgraphs/flow/src/domain/runners/badEngine.ts',
    uses('../engine/runPhase.js'),
  ),
  breaking(
    'flow-agents-use-tools',
    'an agent writes past its tools',
    'subgraphs/flow/src/domain/discovery/agents/badStorage.ts',
    uses('../../../storage/flowRow.js'),
  ),
  breaking(
    'flow-agents-use-tools',
    'an agent has the database',
    'subgraphs/flow/src/domain/discovery/agents/badData.ts',
    uses(...ours('data')),
  ),
  breaking(
    'flow-sources-are-read-anywhere',
    'reading a source needs the engine',
    'subgraphs/flow/src/domain/discovery/source/badEngine.ts',
    uses('../../engine/runPhase.js'),
  ),
  breaking('typeorm-in-storage', 'domain imports TypeORM', 'subgraphs/asset/src/domain/badTypeorm.ts', uses('typeorm')),
  breaking(
    'type-graphql-in-graphql',
    'storage imports type-graphql',
    'subgraphs/asset/src/storage/badTypeGraphql.ts',
    uses('type-graphql'),
  ),
  breaking('redis-in-events', 'domain imports Redis', 'subgraphs/asset/src/domain/badRedis.ts', uses('ioredis')),
  breaking(
    'queue-in-jobs',
    'asset imports the job queue',
    'subgraphs/asset/src/storage/badQueue.ts',
    uses('graphile-worker'),
  ),
  breaking(
    'queue-in-jobs',
    'flow imports the job queue',
    'subgraphs/flow/src/domain/badQueue.ts',
    uses('graphile-worker'),
  ),
  breaking('worker-answers-nobody', 'worker imports the gateway', 'worker/src/badGateway.ts', uses(...ours('gateway'))),
  breaking('pg-in-data', 'storage imports a raw client', 'subgraphs/asset/src/storage/badPg.ts', uses('pg')),
  breaking(
    'front-door',
    'server reaches into kernel',
    'packages/server/src/badDoor.ts',
    uses('../../kernel/src/id.js'),
  ),
  breaking('main-is-started', 'a test imports main', 'test/e2e/badMain.test.ts', uses('../../embedded/src/main.js')),
  breaking(
    'no-test-code-in-the-product',
    'data imports its own test',
    'packages/data/src/badTest.ts',
    uses('../test/data.db.test.js'),
  ),
  breaking('no-circle', 'two files import each other', 'packages/auth/src/badCircle.ts', uses('./badCircleToo.js'), {
    'packages/auth/src/badCircleToo.ts': uses('./badCircle.js'),
  }),
  breaking(
    'no-orphan',
    'a file that nobody uses',
    'packages/auth/src/badOrphan.ts',
    'export const forgotten = true;\n',
  ),
  breaking('resolvable', 'an import of nothing', 'packages/auth/src/badPath.ts', uses('./nowhere.js')),
  breaking(
    'declared',
    'an import that no package.json names',
    'packages/auth/src/badUndeclared.ts',
    uses('undeclared'),
    {
      'node_modules/undeclared/package.json': JSON.stringify({
        name: 'undeclared',
        version: '1.0.0',
        main: 'index.js',
      }),
      'node_modules/undeclared/index.js': 'module.exports = {};\n',
    },
  ),
  breaking('no-tools-in-the-product', 'auth imports a tool', 'packages/auth/src/badTool.ts', uses('dev-tool')),
];
