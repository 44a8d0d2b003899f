// `npm run prove:tenancy`: the leak net. A attacks, with everything that the graph and the routes take, what belongs to B; see README.md.
//   --seed <text>      what is chosen at random (default: the commit)      --probes <n>   queries at least, beside one of each kind
//   --full             all mutants and a million probes                   --mutants <n>  how many mutants (default 5)
//   --citus            over a coordinator and two workers of Citus, without mutants
//   --only a,b         mutants, by a part of their names, and no net      --parts a,b    parts of the net
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { printTable } from '@tributary/kit/measure';
import { castEverything, parts, type Part } from './net/castEverything.ts';
import { entityNames, readEntitiesRightfully } from './net/attackEntities.ts';
import { routeNames } from './net/attackRoutes.ts';
import { neverShownUnexplained } from './net/neverShown.ts';
import { readRightfully } from './net/readRightfully.ts';
import { RedisWatch } from './net/RedisWatch.ts';
import { castNet, Logs, openWorld, root } from './openWorld.ts';
import { proveMutants } from './mutants/proveMutants.ts';

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: commit() },
    probes: { type: 'string' },
    full: { type: 'boolean', default: false },
    mutants: { type: 'string' },
    only: { type: 'string' },
    parts: { type: 'string' },
    citus: { type: 'boolean', default: false },
  },
});
const most = Number(flags.probes ?? (flags.full ? 1_000_000 : 1_500));
const started = performance.now();
const logs = new Logs();
await using world = await openWorld(flags.seed, logs, flags.citus ? 'citus' : 'postgresql');
await using redis = new RedisWatch(world.redis.url);
const { superuserUrl: databaseUrl } = world.database;
const admin = new pg.Client({ connectionString: databaseUrl });
await admin.connect();
try {
  const net = await castNet(world, { cluster: world.cluster, databaseUrl, admin }, { seed: flags.seed, stopAt: [] });
  net.coverage.need([...entityNames(root), ...routeNames(root)]);
  console.log(
    `Seed ${flags.seed}. Three workspaces stand after ${seconds(started)} s: ${world.planted} canaries, ${net.worlds.b.uuids.size} ids of B.`,
  );
  const order = (flags.parts?.split(',') ?? Object.keys(parts)) as Part[];
  const attacked = performance.now();
  const rows: Record<string, string>[] = [];
  if (!flags.only) {
    let last = { ...net.counts };
    await castEverything(
      net,
      { logs, redis },
      {
        order,
        most,
        onPart: (part, took) => {
          const probes = net.counts.probes - last.probes;
          rows.push({
            part,
            probes: String(probes),
            requests: String(net.counts.requests - last.requests),
            seconds: took.toFixed(1),
            'probes/s': (probes / took).toFixed(0),
          });
          last = { ...net.counts };
        },
      },
    );
    await readRightfully(net, net.worlds.a);
    printTable(rows);
    report((performance.now() - attacked) / 1000);
  }
  const isWhole = !flags.parts && !flags.only;

  function report(took: number): void {
    const { coverage, counts, judge } = net;
    console.log(
      `${counts.probes} probes (${counts.requests} requests) in ${took.toFixed(0)} s: ${(counts.probes / took).toFixed(0)} probes/s.`,
    );
    console.log(
      `Fields, arguments, input fields, entities, routes and commands covered: ${coverage.covered}/${coverage.total} = ${((100 * coverage.covered) / coverage.total).toFixed(1)} %`,
    );
    console.log(`Leaks and differences: ${judge.findings.length}`);
    const once = new Map(
      judge.findings.map((finding) => [`${finding.oracle} ${finding.where.replace(/, as .*/, '')}`, finding]),
    );
    for (const { oracle, where, what } of once.values()) console.log(`  ${oracle}: ${where}\n    ${what}`);
    if (judge.findings.length > 0) process.exitCode = 1;
  }

  if (isWhole) {
    const missing = net.coverage.missing();
    if (missing.length > 0) fail(`No request covered ${missing.join(', ')}`);
    const silent = [
      ...neverShownUnexplained(net),
      ...(await readEntitiesRightfully(net, net.worlds.a)).filter((name) => !/ Alert\.(asset|noDataSince)$/.test(name)),
    ];
    if (silent.length > 0)
      fail(`Never showed anything to its rightful reader, so attacks on it prove nothing: ${silent.join(', ')}`);
    console.log('Every field has shown something to its rightful reader, and every text its canary.');
  }
  await world.cluster[Symbol.asyncDispose]();
  // A database of Citus cannot be copied for each of them, and what they take away is the product's, not the database's.
  const count = flags.citus ? 0 : flags.only ? Infinity : Number(flags.mutants ?? (flags.full ? Infinity : 5));
  if (
    count > 0 &&
    !(await proveMutants(world, redis, { seed: flags.seed, count, only: flags.only?.split(',') ?? [''] }))
  )
    process.exitCode = 1;
  console.log(`${process.exitCode ? 'FAILED' : 'Proven'} in ${seconds(started)} s.`);
} finally {
  await admin.end();
}

function fail(what: string): void {
  console.log(what);
  process.exitCode = 1;
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0);
}

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'no commit';
  }
}
