// `npm run chaos -- --seed 1 --faults 300`: a cluster of its own under writers and readers, while everything that it is made of is
// killed, stopped, cut and stalled. Then what every reader saw is held against the log: 0 lost, 0 twice, 0 out of order, 0
// acknowledged but absent.   --seconds 60 (whichever comes first)   --build control (the usual backlog, then pub/sub, which must fail)
// --build forgetful (the activity forgets cursors, which must fail)   --expect-failure (faults go on until somebody has lost something)   --keep-logs <folder>   --pooled (behind PgBouncer)   --faults 0 --seconds 20 (nothing breaks)
import { cpSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { printTable } from '@tributary/kit/measure';
import { ChaosCluster, type Build } from './cluster/ChaosCluster.ts';
import { Disturber } from './faults/Disturber.ts';
import { faultTable } from './faults/faultTable.ts';
import { checkHistory, hasLeftOut, type FaultOfHistory, type Finding } from './history/checkHistory.ts';
import { flowsMadeTwice, readLog } from './history/readLog.ts';
import { takeApart } from './history/takeApart.ts';
import { Load } from './load/Load.ts';

const { values: flags } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    faults: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '' },
    build: { type: 'string', default: 'product' },
    pooled: { type: 'boolean', default: false },
    runners: { type: 'string', default: '3' },
    'expect-failure': { type: 'boolean', default: false },
    'keep-logs': { type: 'string', default: '' },
  },
});
if (flags.build !== 'product' && flags.build !== 'control' && flags.build !== 'forgetful')
  throw new Error('--build is product, control or forgetful.');
/** After the last fault. Of a build that has to fail readers may never catch up, but its writers must come to an end on a busy machine, too. */
const catchUpLimitMs = 30_000;
const answerLimitMs = flags['expect-failure'] ? 180_000 : 30_000;
const quietMs = 3_000;
const promised: readonly FaultOfHistory[] = ['lost', 'twice', 'out of order', 'acknowledged but absent'];
const findingsShown = 20;

const broken = await run(flags.build);
if (flags['expect-failure']) console.log(broken ? 'It failed, as it must.' : 'It should have failed, and did not.');
process.exit(broken === flags['expect-failure'] ? 0 : 1);

/** Answers whether anything was wrong. */
async function run(build: Build): Promise<boolean> {
  const cluster = await ChaosCluster.start({
    build,
    workspaces: ['acme', 'globex', 'initech'],
    pooled: flags.pooled,
  });
  const load = new Load(cluster, { runners: Number(flags.runners), pauseMs: [300, 900] });
  try {
    load.start();
    const started = Date.now();
    const until = flags.seconds ? started + Number(flags.seconds) * 1_000 : Infinity;
    const hasFailed = () => flags['expect-failure'] && hasLeftOut(load.history.readers);
    const disturber = new Disturber(cluster, {
      seed: Number(flags.seed),
      faults: Number(flags.faults),
      goesOn: () => Date.now() < until && !hasFailed(),
      onFault: (number) => {
        if (number % 25 === 0) console.log(progress(load, number, started));
      },
    });
    await disturber.run();
    if (Number(flags.faults) === 0) await delay(Number(flags.seconds) * 1_000);
    const seconds = (Date.now() - started) / 1_000;
    await load.stopWriting(answerLimitMs);
    // Failed flows raise alerts a moment later.
    await delay(quietMs);
    const caughtUpMs = await load.caughtUp(catchUpLimitMs);
    await load.stop();
    return await report(cluster, load, disturber, { seconds, caughtUpMs });
  } finally {
    if (flags['keep-logs'])
      cpSync(cluster.logs, flags['keep-logs'], { recursive: true, filter: (file) => !/postgres/.test(file) });
    await load.stop();
    await cluster[Symbol.asyncDispose]();
  }
}

async function report(
  cluster: ChaosCluster,
  load: Load,
  disturber: Disturber,
  { seconds, caughtUpMs }: { seconds: number; caughtUpMs: number | null },
): Promise<boolean> {
  const { history, sessions } = load;
  const log = await readLog(cluster.postgres.url);
  const ofActivity = history.readers.filter(({ stream }) => stream.endsWith('/activity'));
  const apart = ofActivity.map((reader) => takeApart(reader, log));
  const readers = [
    ...history.readers.filter((reader) => !ofActivity.includes(reader)),
    ...apart.flatMap((each) => each.readers),
  ];
  const findings: Finding[] = [
    ...apart.flatMap((each) => each.findings),
    ...checkHistory({ ...history, readers, log }),
    ...(await flowsMadeTwice(cluster.postgres.url)).map((where) => ({ fault: 'done twice' as const, where })),
  ];
  const count = (fault: FaultOfHistory) => findings.filter((finding) => finding.fault === fault).length;

  printTable(faultTable(disturber.happened));
  console.log();
  printTable(
    [...Map.groupBy(history.readers, ({ kind }) => kind)].map(([kind, readers]) => ({
      readers: kind,
      number: readers.length,
      deliveries: readers.reduce((sum, { deliveries }) => sum + deliveries.length, 0),
    })),
  );
  console.log();
  const sum = (of: (session: Load['sessions'][number]) => number) => sessions.reduce((all, each) => all + of(each), 0);
  printTable([
    {
      build: flags.build,
      seed: Number(flags.seed),
      faults: disturber.happened.length,
      seconds: Math.round(seconds),
      deliveries: history.readers.reduce((all, { deliveries }) => all + deliveries.length, 0),
      'events in the log': [...log.values()].reduce((all, events) => all + events.length, 0),
      acknowledged: history.acknowledged.length,
      'attempts to write': sum(({ attempts }) => attempts),
      'internal errors': sum(({ internalErrors }) => internalErrors),
      'all caught up after ms': caughtUpMs === null ? `not within ${catchUpLimitMs}` : Math.round(caughtUpMs),
    },
  ]);
  console.log();
  printTable([Object.fromEntries(promised.map((fault) => [fault, count(fault)]))]);
  const others = [...new Set(findings.map(({ fault }) => fault))].filter((fault) => !promised.includes(fault));
  if (others.length > 0) printTable([Object.fromEntries(others.map((fault) => [fault, count(fault)]))]);
  for (const { fault, where } of findings.slice(0, findingsShown)) console.log(`${fault}: ${where}`);
  for (const crash of cluster.crashes) console.log(`crash: ${crash}`);
  return findings.length > 0 || caughtUpMs === null || cluster.crashes.length > 0;
}

function progress({ history }: Load, faults: number, started: number): string {
  const deliveries = history.readers.reduce((sum, reader) => sum + reader.deliveries.length, 0);
  return `${Math.round((Date.now() - started) / 1_000)} s: ${faults} faults, ${history.acknowledged.length} acknowledged, ${deliveries} deliveries`;
}
