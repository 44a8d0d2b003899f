// `npm run bench:metrics`: what storing, rolling up and reading so many traces of so many days costs, beside the same questions to traces alone,
// and beside one table with its indexes, which is how the product kept traces before it rolled them up.
// `--beside phoenix --python <python of a virtual environment with arize-phoenix[pg]>` sends the same spans over OTLP to both, for --minutes 10 at
// most, and asks both the same.
// --traces 1000000   --days 30   --runs 30   --calls 30   --lag-seconds 20   --no-table (leaves the one table out)   --no-raw (asks no traces alone)
// --density 100000000 reads figures of a workspace as one of so many traces would be: one hour of it is real, the others have its cells
// --small measures small requests of exporters alone, and what they would cost if all of a moment shared one transaction
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { totals } from '@tributary/subgraph-metrics/rollups';
import { megabytes, printTable } from '@tributary/kit/measure';
import type { TableRow } from '@tributary/kit/measure';
import { measureRival } from './metrics/beside/measureBeside.ts';
import { startOwnProduct } from './metrics/beside/ownProduct.ts';
import { startPhoenix } from './metrics/beside/Phoenix.ts';
import { BenchWorld } from './metrics/BenchWorld.ts';
import { spend } from './metrics/backends.ts';
import { fillDensity } from './metrics/fillDensity.ts';
import { measureIngest, measureLag } from './metrics/measureIngest.ts';
import { measureSmallRequests } from './metrics/measureSmallRequests.ts';
import { endOfQuestions, measureReads } from './metrics/measureReads.ts';
import { OneTable } from './metrics/OneTable.ts';

const { values: flags } = parseArgs({
  options: {
    traces: { type: 'string', default: '1000000' },
    days: { type: 'string', default: '30' },
    runs: { type: 'string', default: '30' },
    calls: { type: 'string', default: '30' },
    'lag-seconds': { type: 'string', default: '20' },
    'no-table': { type: 'boolean', default: false },
    'no-raw': { type: 'boolean', default: false },
    density: { type: 'string' },
    small: { type: 'boolean', default: false },
    beside: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    minutes: { type: 'string', default: '10' },
  },
});
const traces = Number(flags.traces);
const days = Number(flags.days);
const now = Date.now();

if (flags.small) await measureSmall();
else if (flags.density !== undefined) await measureDensity(Number(flags.density));
else if (flags.beside === undefined) await measureProduct();
else if (flags.beside === 'phoenix') await measureBeside();
else throw new Error('--beside phoenix is all there is.');

async function measureBeside(): Promise<void> {
  for (const start of [startOwnProduct, () => startPhoenix(flags.python)]) {
    await using rival = await start();
    console.log(`${rival.name} has started.`);
    const options = { traces, days, minutes: Number(flags.minutes), runs: Number(flags.runs) };
    const { ingest, questions } = await measureRival(rival, options);
    printTable([ingest]);
    printTable(questions);
  }
}

async function measureDensity(total: number): Promise<void> {
  await using bench = await BenchWorld.open();
  const filled = await fillDensity(bench, { total, days, now, end: endOfQuestions(now) });
  await bench.admin.query('vacuum analyze');
  const to = endOfQuestions(now);
  const selection = { from: new Date(to.getTime() - days * 86_400_000), to, filter: {} };
  const [told] = await bench.world.database.read({ workspaceId: bench.workspaceId }, totals(selection));
  if (Math.abs((told?.requests ?? 0) / total - 1) > 0.01)
    throw new Error(`Figures tell of ${told?.requests} traces, not ${total}.`);
  console.log(
    `As of ${total} traces: ${filled.cells} cells, and ${filled.traces} traces where questions begin and end. Rolling them up: ${filled.rollupMs.toFixed(1)} CPU-ms of PostgreSQL for 1,000.`,
  );
  const rows: TableRow[] = [];
  const options = { now, days, runs: Number(flags.runs), table: null, withRaw: false };
  try {
    await measureReads(bench, { ...options, onRow: keep(rows) });
  } finally {
    // Also of a machine on which a question met the limit of a statement.
    printTable(rows);
  }
}

async function measureSmall(): Promise<void> {
  await using bench = await BenchWorld.open();
  await bench.fill(traces, days, now);
  await bench.rollUpAll();
  printTable(await measureSmallRequests(bench));
}

async function measureProduct(): Promise<void> {
  await using bench = await BenchWorld.open();
  const { admin } = bench;
  const filled = await spend(admin, () => bench.fill(traces, days, now));
  console.log(`${traces} traces are stored after ${seconds(filled.wallMs)} s.`);
  const rolledUp = await spend(admin, () => bench.rollUpAll());
  const sealed = await spend(admin, () => bench.seal());
  const table = flags['no-table'] ? null : await OneTable.fill(admin);
  await admin.query('vacuum analyze');

  printTable([
    perThousand('rolling up', rolledUp.postgresMs),
    perThousand(`sealing ${sealed.result} days`, sealed.postgresMs),
  ]);
  printTable([await sizes(admin, table)]);
  if (table) printTable(await measureIngest(bench, table, Number(flags.calls)));
  printTable([await measureLag(bench, Number(flags['lag-seconds']))]);
  const rows: TableRow[] = [];
  await measureReads(bench, {
    now,
    days,
    runs: Number(flags.runs),
    table,
    withRaw: !flags['no-raw'],
    onRow: keep(rows),
  });
  printTable(rows);
}

/** Says each row at once, too: whoever ends a long run has what it came to. */
function keep(rows: TableRow[]): (row: TableRow) => void {
  return (row) => {
    rows.push(row);
    console.log(`  ${Object.values(row).join('  ')}`);
  };
}

function perThousand(what: string, cpuMs: number): TableRow {
  return { what, 'postgres cpu ms per 1,000 traces': (cpuMs / (traces / 1_000)).toFixed(1) };
}

async function sizes(admin: pg.Client, table: OneTable | null): Promise<TableRow> {
  const bytesOf = async (root: string) => {
    const { rows: found } = await admin.query<{ bytes: string }>(
      `select pg_total_relation_size($1::regclass) + coalesce((select sum(pg_total_relation_size(relid)) from pg_partition_tree($1) where isleaf), 0) as bytes`,
      [root],
    );
    return Number(found[0]!.bytes);
  };
  const [raw, cells] = [await bytesOf('trace'), (await bytesOf('trace_cell')) + (await bytesOf('trace_day_cell'))];
  const before = table ? await table.bytes() : null;
  return {
    'bytes a trace': Math.round(raw / traces),
    'traces MB': megabytes(raw),
    'cells MB': megabytes(cells),
    'cells of traces': (cells / raw).toFixed(3),
    ...(before === null
      ? {}
      : { 'one table, bytes': Math.round(before / traces), ratio: ((raw + cells) / before).toFixed(2) }),
  };
}

function seconds(ms: number): string {
  return (ms / 1_000).toFixed(1);
}
