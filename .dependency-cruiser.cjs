// The import stairs: who may see whom. Every rule is an error and says what to do instead.
// test/architecture/importStairs.test.ts plants a violation of each.

/** A package sees only what stands left of it. */
const stairs = [
  'kernel',
  'auth',
  'process',
  'observability',
  'redis',
  'limits',
  'commands',
  'data',
  'events',
  'jobs',
  'cache',
  'server',
];

const testCode = '(^|/)(test|benchmarks)/|^(kit|prove)/';
/** The register of processes: it may look into every part, and only what starts or proves processes reads it. */
const register = '^parts\\.ts$';
const source =
  '^(contracts/src|packages/[^/]+/src|subgraphs/[^/]+/src|gateway/src|worker/src|embedded/src|operate/src|client/src|migrations)/';

/** A package of npm by name, and its types. */
const fromNpm = (...names) => `(^|node_modules/)(@types/)?(${names.join('|')})(/|$)`;

const packageStairs = stairs.slice(0, -1).map((name, step) => ({
  name: `stairs-${name}`,
  comment: `${name} sees only: ${stairs.slice(0, step).join(', ') || 'nothing of ours'}. Move the code up, or what it needs down.`,
  from: { path: `^packages/${name}/src/` },
  to: { path: `^packages/(${stairs.slice(step + 1).join('|')}|postgres)/` },
}));

/** The gateway's rooms, from the door inwards: each sees the ones after it. */
const gatewayRooms = ['protocols', 'runner', 'streams', 'upstream', 'operations', 'callers', 'result'];

const gatewayRoom = (...names) => `^gateway/src/(${names.join('|')})/`;

const gatewayOrder = gatewayRooms.slice(1).map((name, step) => ({
  name: `gateway-${name}`,
  comment: `${name}/ of the gateway sees only: ${gatewayRooms.slice(step + 2).join(', ') || 'none of its other rooms'}. Move the code down the row, or hand over what it needs.`,
  from: { path: gatewayRoom(name) },
  to: { path: gatewayRoom(...gatewayRooms.slice(0, step + 1)) },
}));

const gatewayDoors = [
  {
    name: 'gateway-doors-are-apart',
    comment: 'Each protocol is a door of its own: what two of them need belongs to protocols/http or to a room behind.',
    from: { path: '^gateway/src/protocols/([^/]+)/' },
    to: { path: '^gateway/src/protocols/', pathNot: '^gateway/src/protocols/(http|$1)/' },
  },
  {
    name: 'gateway-is-put-together-outside',
    comment:
      'Rooms are put together by the files beside them (createGateway.ts, createEdge.ts) and see of these only settings.ts.',
    from: { path: gatewayRoom(...gatewayRooms) },
    to: { path: '^gateway/src/[^/]+\\.ts$', pathNot: '^gateway/src/settings\\.ts$' },
  },
];

const whereLibrariesLive = [
  {
    name: 'typeorm-in-storage',
    comment:
      'TypeORM is for storage/, packages/data and migrations/: elsewhere work with records, so that a rule never meets a table.',
    from: { pathNot: ['^subgraphs/[^/]+/src/storage/', '^packages/data/', '^migrations/', testCode] },
    to: { path: fromNpm('typeorm') },
  },
  {
    name: 'type-graphql-in-graphql',
    comment:
      'type-graphql is for graphql/ and packages/server: a class that is both API and record leaks columns into the graph.',
    from: { pathNot: ['^subgraphs/[^/]+/src/graphql/', '^packages/server/', testCode] },
    to: { path: fromNpm('type-graphql') },
  },
  {
    name: 'redis-in-events',
    comment:
      'Redis is reached through the bus of packages/events, the counters of packages/limits or the cache, whose keys carry the workspace.',
    from: { pathNot: ['^packages/(redis|events|limits|cache)/', testCode] },
    to: { path: fromNpm('ioredis', 'redis', 'graphql-redis-subscriptions') },
  },
  {
    name: 'queue-in-jobs',
    comment: 'The queue is behind packages/jobs: declare a job, and enqueue it in the transaction that makes it due.',
    from: { pathNot: ['^packages/jobs/', testCode] },
    to: { path: fromNpm('graphile-worker') },
  },
  {
    name: 'pg-in-data',
    comment: 'A raw client knows no workspace. Use withWorkspace or readBatch of packages/data.',
    from: { pathNot: ['^packages/(data|jobs|postgres)/', testCode] },
    to: { path: fromNpm('pg', 'pg-pool', 'pg-cursor', 'pg-protocol', 'postgres') },
  },
];

const layers = [
  {
    name: 'storage-answers',
    comment: 'storage/ only answers: what it needs from domain/ or graphql/ comes as an argument.',
    from: { path: '^subgraphs/([^/]+)/src/storage/' },
    to: { path: '^subgraphs/$1/src/(domain|graphql)/' },
  },
  {
    name: 'domain-decides',
    comment: 'domain/ must work without GraphQL: jobs and internal commands use it too.',
    from: { path: '^subgraphs/([^/]+)/src/domain/' },
    to: { path: '^subgraphs/$1/src/graphql/' },
  },
  {
    name: 'resolvers-translate',
    comment: 'graphql/ asks domain/, which decides; a resolver that reads storage/ writes the rules a second time.',
    from: { path: '^subgraphs/([^/]+)/src/graphql/' },
    to: { path: '^subgraphs/$1/src/storage/' },
  },
];

/** Inside flow: discovery > engine, runners > flow. */
const flowRooms = [
  {
    name: 'flow-is-the-ground',
    comment: 'domain/flow/ is what every flow has in common: it knows neither who drives a flow nor what kind it is.',
    from: { path: '^subgraphs/flow/src/domain/flow/' },
    to: { path: '^subgraphs/flow/src/domain/', pathNot: '^subgraphs/flow/src/domain/flow/' },
  },
  {
    name: 'flow-engine-knows-no-kind',
    comment:
      'The engine runs any kind of flow: what a kind needs goes into the kind, and reaches the engine as a type parameter.',
    from: { path: '^subgraphs/flow/src/domain/engine/' },
    to: { path: '^subgraphs/flow/src/domain/', pathNot: '^subgraphs/flow/src/domain/(engine|flow)/' },
  },
  {
    name: 'flow-runners-stand-alone',
    comment: 'Flows of outside runners are told, not run: neither the engine nor a kind of ours has a part in them.',
    from: { path: '^subgraphs/flow/src/domain/runners/' },
    to: { path: '^subgraphs/flow/src/domain/', pathNot: '^subgraphs/flow/src/domain/(runners|flow)/' },
  },
  {
    name: 'flow-agents-use-tools',
    comment:
      'An agent reads and writes through the tools that it names, so that one from outside can do what ours can: add a tool.',
    from: { path: '^subgraphs/flow/src/domain/discovery/agents/' },
    to: { path: '^(subgraphs/flow/src/storage|packages/(data|events))/' },
  },
  {
    name: 'flow-sources-are-read-anywhere',
    comment:
      'Reading, recognising and cleansing a source is a function of its bytes: no engine, no storage, no database.',
    from: { path: '^subgraphs/flow/src/domain/discovery/(cleanse|mapping|normalise|profile|source)/' },
    to: { path: '^(subgraphs/flow/src/(storage|domain/(engine|flow|runners))|packages/(data|events))/' },
  },
];

const parts = [
  {
    name: 'kernel-is-pure',
    comment:
      'kernel/ computes and does nothing to its process: what ends it, tunes it or asks a vault is for packages/process. Only its config.ts reads files.',
    from: { path: '^packages/kernel/src/', pathNot: '^packages/kernel/src/config\\.ts$' },
    // net tells whether a text is an IP address, which is computing.
    to: { dependencyTypes: ['core'], pathNot: '^net$' },
  },
  {
    name: 'contracts-stand-alone',
    comment: 'contracts/ is what everybody shares, also those outside: it knows nobody. Move the code to who uses it.',
    from: { path: '^contracts/src/' },
    to: { path: '^(packages|subgraphs|gateway|embedded|client|migrations)/' },
  },
  {
    name: 'contracts-run-in-browsers',
    comment: 'Browsers read contracts/ as well: no module of Node.',
    from: { path: '^contracts/src/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'contracts-carry-only-zod',
    comment:
      'contracts/ depends on zod, in commands/ and payloads/, and on nothing else: a page that reads an id loads no validator.',
    from: { path: '^contracts/src/' },
    to: { path: 'node_modules/', pathNot: '(^|/)node_modules/zod/' },
  },
  {
    name: 'contracts-validate-in-two-places',
    comment:
      'zod is for commands/ and payloads/ of contracts/: what a browser imports beside them must load no validator.',
    from: { path: '^contracts/src/', pathNot: '^contracts/src/(commands|payloads)/' },
    to: { path: ['(^|/)node_modules/zod/', '^contracts/src/(commands|payloads)/'] },
  },
  {
    name: 'stairs-postgres',
    comment: 'The PostgreSQL launcher sees only kernel.',
    from: { path: '^packages/postgres/src/' },
    to: { path: '^packages/', pathNot: '^packages/(kernel|postgres)/' },
  },
  {
    name: 'kit-is-for-tests',
    comment: 'kit/ starts databases and signs everything: only tests may have it.',
    from: { pathNot: testCode },
    to: { path: '^kit/' },
  },
  {
    name: 'packages-are-below',
    comment: 'A package serves every part and knows none: pass it what it needs.',
    from: { path: '^packages/' },
    to: { path: '^(subgraphs|gateway|worker|embedded|operate)/' },
  },
  {
    name: 'subgraphs-never-meet',
    comment:
      'Subgraphs may run on different machines: link by entity keys, ask by an internal command, react to the event log.',
    from: { path: '^subgraphs/([^/]+)/' },
    to: { path: '^subgraphs/', pathNot: '^subgraphs/$1/' },
  },
  {
    name: 'subgraphs-are-below',
    comment: 'A subgraph knows neither its router nor the processes that it runs in.',
    from: { path: '^subgraphs/' },
    to: { path: '^(gateway|worker|embedded|operate)/' },
  },
  {
    name: 'worker-answers-nobody',
    comment:
      'The worker composes what subgraphs do behind the scenes; whoever asks is answered by the gateway and the subgraphs.',
    from: { path: '^worker/src/' },
    to: { path: '^(gateway|embedded|migrations|packages/postgres)/' },
  },
  {
    name: 'subgraphs-start-no-database',
    comment: 'A subgraph is given its database.',
    from: { path: '^subgraphs/[^/]+/src/' },
    to: { path: '^packages/postgres/' },
  },
  {
    name: 'gateway-has-no-database',
    comment:
      'The gateway sees kernel, auth, process, observability, redis, limits and commands; tenants’ data it asks from subgraphs.',
    from: { path: '^gateway/src/' },
    to: {
      path: '^(packages|subgraphs|embedded|operate|migrations)/',
      pathNot: '^packages/(kernel|auth|process|observability|redis|limits|commands)/',
    },
  },
  {
    name: 'gateway-loads-no-orm',
    comment:
      'What the gateway imports, and what that imports, must not lead to the database: its process would load an ORM and a driver that it never uses. Move what leads there to packages/server.',
    from: { path: '^gateway/src/' },
    to: { path: ['^packages/data/', fromNpm('typeorm', 'pg')], reachable: true },
  },
  {
    name: 'migrations-see-data',
    comment:
      'A migration must mean the same for ever: it sees packages/data and what is below, never today’s entities.',
    from: { path: '^migrations/', pathNot: testCode },
    to: {
      path: '^(packages|subgraphs|gateway|worker|embedded|operate)/',
      pathNot: '^packages/(kernel|process|observability|data|jobs)/',
    },
  },
  {
    name: 'migrations-run-from-above',
    comment: 'The schema is migrated by the process that is started (embedded, scripts), never by a part of it.',
    from: { path: '^(packages|subgraphs|gateway|worker)/', pathNot: testCode },
    to: { path: '^migrations/' },
  },
  {
    name: 'client-stands-alone',
    comment:
      'client/ is installed by others, without this repository: of ours it has contracts/ alone, without what validates.',
    from: { path: '^client/src/' },
    to: {
      path: [
        '^(packages|subgraphs|gateway|worker|embedded|operate|migrations)/',
        '^contracts/src/(commands|payloads)/',
      ],
    },
  },
  {
    name: 'client-runs-in-browsers',
    comment: 'client/ runs in browsers as well: no module of Node.',
    from: { path: '^client/src/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'embedded-is-the-top',
    comment: 'embedded/ puts everything together: only the operator’s commands import it, for its data folder.',
    from: { pathNot: ['^(embedded|operate)/', register, testCode] },
    to: { path: '^embedded/' },
  },
  {
    name: 'operate-is-started',
    comment: 'operate/ is the command line of an operator: nothing imports it.',
    from: { pathNot: ['^operate/', register, testCode] },
    to: { path: '^operate/' },
  },
];

const everywhere = [
  {
    name: 'front-door',
    comment:
      'Use what the package exports by its name, or a part of it by the part’s. If that is too little, export more from its index.ts.',
    from: { path: '^([^/]+/[^/]+)/' },
    to: { path: '^(packages|subgraphs)/[^/]+/src/', pathNot: ['^$1/', '/src/index\\.ts$', '/src/[^/]+/index\\.ts$'] },
  },
  {
    name: 'main-is-started',
    comment: 'main.ts builds infrastructure and is started, never imported.',
    from: {},
    to: { path: '/src/main\\.ts$' },
  },
  {
    name: 'no-test-code-in-the-product',
    comment: 'Tests use the product, never the other way round.',
    from: { path: source, pathNot: testCode },
    to: { path: '(^|/)(test|benchmarks)/|^(kit|prove)/', pathNot: 'node_modules' },
  },
  {
    name: 'no-circle',
    comment:
      'With ES modules and decorators a circle reads a class before it exists, and of files that name each other’s types none can be read alone. ' +
      'Move what both need to a third file.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'no-orphan',
    comment: 'Nothing imports this file and it imports nothing: use it or delete it.',
    from: { orphan: true, path: source, pathNot: ['/(main|index)\\.ts$', '\\.d\\.ts$', testCode] },
    to: {},
  },
  {
    name: 'resolvable',
    comment: 'This import leads nowhere: a typing error, or a package that is not in package.json.',
    // The peer of a benchmark and senders of traces have packages of their own, which are installed when they are run.
    from: { pathNot: '^(benchmarks/peer|prove/otlp/senders)/' },
    to: { couldNotResolve: true },
  },
  {
    name: 'declared',
    comment: 'Declare the package in the package.json of the workspace that imports it.',
    from: { pathNot: '^prove/otlp/senders/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-tools-in-the-product',
    comment: 'devDependencies are not installed in production: declare the package in the workspace.',
    from: { path: source, pathNot: testCode },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only', 'npm'] },
  },
];

module.exports = {
  forbidden: [
    ...packageStairs,
    ...parts,
    ...layers,
    ...flowRooms,
    ...gatewayOrder,
    ...gatewayDoors,
    ...whereLibrariesLive,
    ...everywhere,
  ].map((rule) => ({
    severity: 'error',
    ...rule,
  })),
  options: {
    doNotFollow: { path: 'node_modules' },
    // Only our own dist/: to exclude every dist/ would drop the imports of most packages of npm, and blind the rules.
    exclude: {
      path: '^(contracts|packages/[^/]+|subgraphs/[^/]+|gateway|worker|embedded|operate|client|migrations|kit)/dist/',
    },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
    enhancedResolveOptions: {
      // Without these two the workspace packages, which are symbolic links, resolve to nothing that a rule knows.
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default', 'types'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
};
