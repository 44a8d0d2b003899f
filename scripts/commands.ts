/** An npm script, as people call it. */
export interface Command {
  readonly usage: string;
  readonly does: string;
}

export interface CommandGroup {
  readonly title: string;
  readonly about: string;
  /** By the script's name in package.json. */
  readonly commands: Readonly<Record<string, Command>>;
}

/** What docs/reference/commands.md says. test/architecture/commands.test.ts holds it against package.json, both ways. */
export const commandGroups: readonly CommandGroup[] = [
  {
    title: 'Run and develop',
    about: 'Each installs and builds what is missing first.',
    commands: {
      start: { usage: 'npm start', does: 'embedded mode' },
      cluster: { usage: 'npm run cluster', does: 'cluster mode on this machine (`GATEWAYS=2` for more than one)' },
      test: { usage: 'npm test -- packages/events', does: 'all tests, or those of a folder' },
      check: { usage: 'npm run check', does: 'everything that judges the code without running it' },
      build: { usage: 'npm run build', does: 'compiles what has changed, and bundles GraphiQL' },
      format: { usage: 'npm run format', does: 'formats all files' },
      'format:check': { usage: 'npm run format:check', does: 'part of `check`: formatting' },
      lint: { usage: 'npm run lint', does: 'part of `check`: ESLint' },
      typecheck: { usage: 'npm run typecheck', does: 'part of `check`: types' },
      depcruise: { usage: 'npm run depcruise', does: 'part of `check`: who may import whom' },
      schema: { usage: 'npm run schema', does: 'writes `schema/` anew from the code' },
      'schema:check': {
        usage: 'npm run schema:check',
        does: 'part of `check`: whether `schema/` is fresh and holds the contract',
      },
      reference: { usage: 'npm run reference', does: 'writes `docs/reference/` anew from the code' },
      'reference:check': {
        usage: 'npm run reference:check',
        does: 'part of `check`: whether `docs/reference/` is fresh',
      },
      spelling: {
        usage: 'npm run spelling',
        does: 'part of `check`: words that neither a dictionary nor `scripts/words.txt` knows',
      },
      unused: { usage: 'npm run unused', does: 'part of `check`: files, exports and dependencies that nothing uses' },
      pack: {
        usage: 'npm run pack -- --to folder',
        does: 'packs `client/` and `contracts/` with their types, as others install them',
      },
      'pack:check': { usage: 'npm run pack:check', does: 'part of `check`: whether what is packed can be installed' },
      release: {
        usage: 'npm run release -- --dry-run',
        does: 'versions all packages and packs the public ones in a temporary clone; without it, here (`--bump patch`)',
      },
      console: {
        usage: 'npm run console',
        does: 'builds the console that the gateway serves at /console, installing its packages first; nothing when it is up to date',
      },
      'console:pictures': {
        usage: 'npm run console:pictures',
        does: 'takes the pictures of docs/console/ from a running product with the samples of its first start',
      },
      'console:check': {
        usage: 'npm run console:check',
        does: 'part of `check`: types, lint, unit tests and size of the console, in its own folder',
      },
      operations: {
        usage: 'npm run operations -- --out partner.json flows.graphql',
        does: 'the manifest of a partner’s [stored operations](../protocols.md#stored-operations)',
      },
    },
  },
  {
    title: 'Operate',
    about:
      'On the data folder of embedded mode (`TRIBUTARY_DATA`) or on the cluster that the settings name. All but `restore` and `migrate` work beside a running system.',
    commands: {
      discover: {
        usage: 'npm run discover -- estate.csv',
        does: 'takes an export into the inventory and says what became of it: into the system that runs, or into one of its own for as long as it takes (`--url` and `TRIBUTARY_API_KEY` for another; `--name`, `--format`, `--encoding`, `--sheet`, `--coverage`, `--review`, `--yes`)',
      },
      admin: {
        usage: 'npm run admin -- …',
        does: 'makes workspaces, invites people, shuts a workspace within 2 s (`suspend-workspace --slug acme`) and opens it again',
      },
      backup: {
        usage: 'npm run backup -- --to folder',
        does: 'all rows of one moment and their uploads; keys only with `--with-keys`',
      },
      restore: {
        usage: 'npm run restore -- --from folder',
        does: 'into an empty place: `TRIBUTARY_DATA` of a new folder, or an empty `DATABASE_ADMIN_URL`; `--keys file` for a backup without',
      },
      'metrics:rebuild': {
        usage: 'npm run metrics:rebuild -- --workspace acme --from 2026-11-01',
        does: 'makes what is rolled up anew from traces, while figures stay right: cells day by day, totals of sessions and flows (`--to`, both days included); may be stopped and run again',
      },
      'keys:rotate': {
        usage: 'npm run keys:rotate',
        does: 'encrypts everything with the current key (embedded mode makes the key first); may be stopped and run again',
      },
      'audit:verify': {
        usage: 'npm run audit:verify',
        does: 'recomputes the audit trails and compares them with their signed checkpoints (`--workspace acme`, `--checkpoint file`, `--json`); ends with 1 when one is broken',
      },
      'audit:checkpoint': {
        usage: 'npm run audit:checkpoint',
        does: 'signs the ends of all trails now; `--to file` keeps them outside the database',
      },
      canary: {
        usage: 'npm run canary -- --stable gateway-1=http://10.0.0.1:4000 --canary gateway-2=http://10.0.0.2:4000',
        does: 'gives gateways of a new version 10 % of HAProxy’s requests for 5 minutes, and then all, or none when 1 % of them fail or p95 is longer by a fifth; [more](../operating.md#a-new-version-on-trial) (`--share`, `--seconds`, `--errors`, `--slower`, `--backend`); ends with 1 when it was rolled back',
      },
      shards: {
        usage: 'npm run shards -- move --workspace acme --to db-2.internal:5432',
        does: 'where workspaces lie on a [Citus cluster](../operating.md#citus), moved while people go on: `list`, `move`, `isolate` gives one a shard of its own on the node that it moves to, `rebalance` (`--block-writes` where logical replication cannot be)',
      },
      migrate: {
        usage: 'npm run migrate',
        does: "brings a cluster's database to the newest version (`-- --engine citus` spreads its tables over the workers of a [Citus cluster](../operating.md#citus))",
      },
    },
  },
  {
    title: 'Prove',
    about: 'Each makes its own system, prints a table, and fails when a promise is broken.',
    commands: {
      chaos: {
        usage: 'npm run chaos -- --seed 1 --faults 300',
        does: 'kills, stops, cuts and stalls every part of a cluster, and counts what was lost, came twice or out of order (`--build control` and `--build forgetful` must fail; `--pooled` puts PgBouncer in front of PostgreSQL)',
      },
      'chaos:webhooks': {
        usage: 'npm run chaos:webhooks -- --seed 1 --faults 10000',
        does: 'webhooks in each of the three orders while receivers answer with trouble and everything is killed: nothing lost, nothing out of order, duplicates under their first id (`--build hasty --expect-failure`)',
      },
      'chaos:recovery': { usage: 'npm run chaos:recovery', does: 'how long watchers wait when a part dies' },
      'chaos:kill': { usage: 'npm run chaos:kill', does: 'kill -9 in every phase, of the worker and of everything' },
      'prove:tenancy': {
        usage: 'npm run prove:tenancy',
        does: 'the leak net: attacks of one workspace on another, and guards taken away (`--seed`, `--probes`, `--mutants`, `--full`)',
      },
      'prove:direct': { usage: 'npm run prove:direct', does: 'requests straight at the subgraphs: all refused' },
      'prove:cache': {
        usage: 'npm run prove:cache',
        does: 'what is kept of figures: nothing foreign, nothing that lacks a change, nothing older than asked for in a million questions; how much is given again to ten people at a dashboard, and Redis killed under them (`--probes`, `--seconds`)',
      },
      'prove:rollups': {
        usage: 'npm run prove:rollups [-- --checks 1000]',
        does: 'figures from cells beside those from traces, in one snapshot each, while traces come in late, twice and in vain, days are sealed and made anew, the roll-up is killed, PostgreSQL crashes and connections break; and five broken roll-ups that must be found out',
      },
      'prove:citus': {
        usage: 'npm run prove:citus -- --start',
        does: 'the product over Citus, beside plain PostgreSQL and PgBouncer: every statement, nineteen steps, backup and restore, a shard that moves, a worker that is away, and roles that come from elsewhere (`--url` for a cluster of one’s own; `--only citus`)',
      },
      'prove:containers': {
        usage: 'npm run prove:containers',
        does: 'the image built with podman on bases of debootstrap, without a registry, and docker-compose.yml run with it: what is in the image, what its containers may do, and the first steps of a cluster over them (as root; `--built` takes the image of the last time)',
      },
      'prove:webhooks': {
        usage: 'npm run prove:webhooks -- --only targets,rights',
        does: 'hostile addresses in a network of its own without a connection, one log as stream, page and webhook, rights that are lost while 680 retries wait, secrets rolled under load (verified in Node and Python), a reset, a poisonous message and an outage of four days; and a build that must be found out (`--seed`; Linux, with `unshare`, `openssl` and `python3`)',
      },
      'prove:alerts': {
        usage: 'npm run prove:alerts [-- --episodes 10000 | --histories 500 | --defects all]',
        does: 'rules under eight evaluators that are killed and stopped: each episode fires once and ends once, at its very ticks; and guards taken away that must be found out; or histories of live rules beside their previews; or each defect brought back, which must turn its test red',
      },
      'prove:pool': {
        usage: 'npm run prove:pool',
        does: '100,000 interleaved transactions of 50 workspaces over 8 connections, and two broken pools that must be found out',
      },
      'prove:tokens': {
        usage: 'npm run prove:tokens',
        does: 'forged, expired and confused tokens; keys that change under load; a flood of unknown kids',
      },
      'prove:refresh': {
        usage: 'npm run prove:refresh',
        does: 'double submits, lost answers and replays of refresh tokens',
      },
      'prove:sources': {
        usage: 'npm run prove:sources',
        does: 'every known source in 2,000 forms, which must become the same, and 20,000 mutated files, which must end with a code (`--variations`, `--fuzz`, `--seed`)',
      },
      'prove:idempotency': {
        usage: 'npm run prove:idempotency',
        does: '1,000 connections cut behind COMMIT, and 50-way races on one key, over every keyed mutation',
      },
      'prove:cursors': {
        usage: 'npm run prove:cursors',
        does: '10,000 forged, foreign and stale cursors over subscriptions and pages (`--seed`, `--mode`)',
      },
      'prove:chart': {
        usage: 'npm run prove:chart -- --helm helm --validate kubernetes-validate',
        does: 'renders the Helm chart for several clusters: every part has what it starts with and no secret of another, and Kubernetes takes it',
      },
      'prove:clients': {
        usage: 'npm run prove:clients -- --only go,rust,python',
        does: 'clients of others in Go, Rust and Python ask, are refused, follow a subscription and go on behind its cursor; the first run installs them in the temporary folder, with the `go`, `cargo` and `python3` of the path',
      },
      'prove:federation': {
        usage: 'npm run prove:federation -- --audit folder',
        does: 'the public audit of federation gateways (a checkout of graphql-hive/federation-gateway-audit with its packages), 199 operations, asked of both plan executors',
      },
      'prove:console': {
        usage: 'npm run prove:console -- --short',
        does: 'people at the console in Chromium, with stored operations only: from a dropped file to its assets, two tabs in two workspaces, a killed gateway, keyboard, axe, each page as it looked before (`--switches`, `--only`, `--renew-looks`)',
      },
      'prove:stranger': {
        usage: 'npm run prove:stranger -- --file export.csv',
        does: 'the way of somebody new, with a clock: clone, `npm start`, sign in, drop a file, see its assets and their drawing: clicks and seconds',
      },
      'prove:otlp': {
        usage: 'npm run prove:otlp',
        does: 'the exporters that people use, each with its own packages: spans sent and stored, answers cut, 429, 503, random bytes (`--only Vercel`, `--folder`)',
      },
      'prove:restarts': {
        usage: 'npm run prove:restarts [-- --restarts 100 --watchers 1000]',
        does: 'gateways and subgraphs replaced one after the other behind Debian’s HAProxy, under 50 requests a second: no request fails, and no watcher misses an event or gets one twice',
      },
      'prove:routers': {
        usage: 'npm run prove:routers -- --hive program',
        does: 'queries and mutations through our edge and Hive Router beside our gateway over the same subgraphs: 30 answers and errors held beside each other, also while a subgraph is away, and the CPU time of a page either way (`--rounds 200`)',
      },
      'prove:canary': {
        usage: 'npm run prove:canary [-- --seconds 60]',
        does: 'a build of which 5 % of the operations fail and one that takes twice as long, each on trial behind HAProxy beside the product, and the product itself: the first two are rolled back by `canary`, the last is promoted, and how long that takes',
      },
      'prove:postgres': {
        usage: 'npm run prove:postgres -- --versions 14,15,16,17,18',
        does: 'the product in cluster mode on other versions of PostgreSQL, of the builds that npm offers: every migration, and a step for every part (by default two versions); the first run installs them in the temporary folder',
      },
      'prove:hostile': {
        usage: 'npm run prove:hostile',
        does: '100,000 hostile documents and bodies while a user works',
      },
    },
  },
  {
    title: 'Measure',
    about: 'Each makes its own system and prints times, which decide nothing.',
    commands: {
      bench: {
        usage: 'npm run bench',
        does: 'the recorded workloads, with medians and CPU ms a request by process (`--mode cluster`, `--only list`, `--beside <another checkout>`)',
      },
      'bench:import': {
        usage: 'npm run bench:import -- --rows 1000000 --format csv',
        does: "one large discovery: rows a second, memory, other tenants' queries meanwhile",
      },
      'bench:metrics': {
        usage: 'npm run bench:metrics [-- --traces 1000000 --days 30]',
        does: 'traces of so many days: what storing, rolling up and reading them costs, beside traces alone and beside one table with its indexes (`--no-raw`, `--no-table`); `--density 100000000`: figures as of so many, from one real hour and its copies; `--small`: small requests of exporters; `--beside phoenix --python <path> --minutes 10`: the same spans and questions, beside Arize Phoenix',
      },
      'bench:inventory': { usage: 'npm run bench:inventory', does: "the asset subgraph's writes alone" },
      'bench:bad-input': { usage: 'npm run bench:bad-input', does: 'every kind of broken source through the API' },
      'bench:fanout': {
        usage: 'npm run bench:fanout',
        does: 'one flow watched by 2,000 and 10,000 sockets, beside an execution each and a plain broadcast',
      },
      'bench:flows': {
        usage: 'npm run bench:flows',
        does: '1,000 flows with 10 watchers each: time from commit to client (`--mode embedded`)',
      },
      'bench:stalled': {
        usage: 'npm run bench:stalled',
        does: '1,000 clients that stop reading: memory, and what the others notice',
      },
      'bench:sockets': {
        usage: 'npm run bench:sockets -- --idle 5000 --rate 1000 --seconds 30',
        does: 'a normal user beside idle and new sockets, and every limit of a socket overstepped once',
      },
      'bench:resume': {
        usage: 'npm run bench:resume',
        does: 'a client that comes back 100,000 events behind: each once and in order, events a second, memory (`--modes`, `--joined`)',
      },
      'bench:alerts': {
        usage: 'npm run bench:alerts',
        does: 'an acknowledgement to 1,000 watchers; how late 5,000 rules a minute are, and how much later beside a noisy workspace',
      },
      'bench:audit': {
        usage: 'npm run bench:audit',
        does: 'commits a second of one workspace with 32 writers, with and without the audit chain',
      },
      'bench:reactions': {
        usage: 'npm run bench:reactions',
        does: 'how long a failed flow waits for its alert, alone and beside an import of 200,000 rows; fails above 1.5 times',
      },
      'bench:webhooks': {
        usage: 'npm run bench:webhooks',
        does: 'from commit to a webhook’s receiver: alone, beside dead and busy receivers of another tenant, 1,000 webhooks on one event; and events a second of one webhook (`--only latencies`, `many` or `rates`)',
      },
      'bench:gateway': {
        usage: 'npm run bench:gateway',
        does: "CPU of the gateway's process alone for the page, over subgraph answers that are repeated (`--callers 1,32`)",
      },
      'bench:peer': {
        usage: 'npm run bench:peer',
        does: 'the page beside PostGraphile 5 over the same database, in turns of one run',
      },
      'bench:rest': { usage: 'npm run bench:rest', does: 'seconds to ready, memory at rest' },
    },
  },
];
