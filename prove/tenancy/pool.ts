// `npm run prove:pool`: interleaved transactions of 50 workspaces over 8 connections, with throws, refused statements, timeouts, cancels,
// statements that nobody awaits, handles that are used after their end, and connections that are cut. No row of another workspace may be
// seen or written, and no late use taken. Then the same over two pools that are broken on purpose: the proof must find foreign rows.
//   --transactions 100000   --workspaces 50   --connections 8   --seed 1
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { Database } from '@tributary/data';
import { createLogger } from '@tributary/observability';
import { startTcpProxy, startTestDatabase } from '@tributary/kit';
import { printTable, type TableRow } from '@tributary/kit/measure';
import { sessionSettingPool, undyingHandlePool } from './pool/brokenPools.ts';
import { Canaries } from './pool/canaries.ts';
import { provePool, type PoolFigures } from './pool/provePool.ts';

const { values: flags } = parseArgs({
  options: {
    transactions: { type: 'string', default: '100000' },
    workspaces: { type: 'string', default: '50' },
    connections: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
  },
});
const [transactions, workspaces, connections, seed] = [
  flags.transactions,
  flags.workspaces,
  flags.connections,
  flags.seed,
].map(Number) as [number, number, number, number];
const atOnce = connections * 5;
const controlTransactions = Math.min(transactions, 4_000);

await using cluster = await startTestDatabase();
await using canaries = await Canaries.plant(cluster.superuserUrl, workspaces);
const rows: TableRow[] = [];
const begun = performance.now();
{
  await using proxy = await startTcpProxy(Number(new URL(cluster.appUrl).port));
  const url = new URL(cluster.appUrl);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  const logger = createLogger({ name: 'proof', level: 'silent' });
  await using database = await Database.open({ url: url.href, entities: [], logger, poolSize: connections });
  const cut = async (): Promise<void> => {
    await proxy.cut();
    await delay(5);
    await proxy.resume();
  };
  const figures = await provePool({ pool: database, canaries, seed, transactions, atOnce, cut });
  rows.push(rowOf('the product', figures));
  if (figures.foreignRows > 0 || figures.lateUsesTaken > 0 || figures.surprises.length > 0) process.exitCode = 1;
  for (const surprise of new Set(figures.surprises)) console.log(`Ended otherwise than it must: ${surprise}`);
}
const seconds = (performance.now() - begun) / 1000;
for (const [name, open] of [
  ['control: setting of the session', sessionSettingPool],
  ['control: a handle that lives on', undyingHandlePool],
] as const) {
  const pool = open(cluster.appUrl, connections);
  const figures = await provePool({ pool, canaries, seed, transactions: controlTransactions, atOnce });
  await pool.close();
  rows.push(rowOf(name, figures));
  if (figures.foreignRows === 0) {
    console.log(`The proof is blind: it found no foreign row with ${name}.`);
    process.exitCode = 1;
  }
}
console.log(`${workspaces} workspaces over ${connections} connections, seed ${seed}, ${seconds.toFixed(0)} s`);
printTable(rows);

function rowOf(pool: string, figures: PoolFigures): TableRow {
  return {
    pool,
    transactions: figures.transactions,
    committed: figures.committed,
    'ended otherwise': Object.values(figures.ended).reduce((sum, n) => sum + n, 0),
    cuts: figures.cuts,
    'foreign rows': figures.foreignRows,
    'late uses': figures.lateUses,
    'taken late': figures.lateUsesTaken,
    surprises: pool === 'the product' ? figures.surprises.length : '',
  };
}
