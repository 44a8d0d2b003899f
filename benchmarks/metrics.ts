// `npm run bench:metrics`: what storing, rolling up and reading so many traces of so many days costs, beside the same questions to traces alone,
// and beside one table with its indexes, which is how the product kept traces before it rolled them up.
// `--beside phoenix --python <python of a virtual environment with arize-phoenix[pg]>` sends the same spans over OTLP to both, for --minutes 10 at
// most, and asks both the same.
// --traces 1000000   --days 30   --runs 30   --calls 30   --lag-seconds 20   --no-table (leaves the one table out)   --no-raw (asks no traces alone)
import { parseArgs } from 'node:util';
import type pg from 'pg';
import { megabytes, printTable } from '@tributary/kit/measure';
import type { TableRow } from '@tributary/kit/measure';
import { measureRival } from './metrics/beside/measureBeside.ts';
import { startOwnProduct } from './metrics/beside/ownProduct.ts';
import { startPhoenix } from './metrics/beside/Phoenix.ts';
import { BenchWorld } from './metrics/BenchWorld.ts';
import { spend } from './metrics/backends.ts';
import { measureIngest, measureLag } from './metrics/measureIngest.ts';
import { measureReads } from './metrics/measureReads.ts';
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
    beside: { type: 'string' },
    python: { type: 'string', default: 'python3' },
    minutes: { type: 'string', default: '10' },
  },
});
const traces = Number(flags.traces);
const days = Number(flags.days);
const now = Date.now();

if (flags.beside === undefined) await measureProduct();
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
    onRow: (row) => void rows.push(row),
  });
  printTable(rows);
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
