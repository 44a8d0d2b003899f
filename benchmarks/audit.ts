// `npm run bench:audit`: commits a second of one workspace with 32 writers, each with an entry in the workspace's audit chain, and the same
// without one. All writers of a workspace meet at the head of its chain; without it they meet nowhere. On a PostgreSQL of its own, durable,
// set up as in embedded mode.   --writers 32   --seconds 10   --rounds 2
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { newUuid } from '@tributary/kernel';
import { Database, migrate, roleUrl, sql } from '@tributary/data';
import { audit } from '@tributary/data/audit';
import { installJobs, migrations } from '@tributary/migrations';
import { createLogger } from '@tributary/observability';
import { EmbeddedPostgres } from '@tributary/postgres';
import { printTable, quantile, type TableRow } from '@tributary/kit/measure';
import { newDataFolder } from '@tributary/kit';
import { giveRowsToWorkspaces } from '@tributary/kit/world';

const { values: flags } = parseArgs({
  options: {
    writers: { type: 'string', default: '32' },
    seconds: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '2' },
  },
});
const [writers, seconds, rounds] = [flags.writers, flags.seconds, flags.rounds].map(Number) as [number, number, number];
const aim = 500;
const dataDirectory = newDataFolder('audit');
const passwords = { migrator: 'benchmark', app: 'benchmark', worker: 'benchmark' };

try {
  await using postgres = await EmbeddedPostgres.start({ dataDirectory });
  await migrate({ adminUrl: postgres.url(), migrations, installJobs, passwords });
  await using database = await Database.open({
    url: roleUrl(postgres.url(), 'app', passwords.app),
    entities: [],
    logger: createLogger({ name: 'benchmark', level: 'error' }),
    poolSize: writers,
  });
  await using _ = giveRowsToWorkspaces(database, postgres.url());
  const rows: TableRow[] = [];
  for (let round = 1; round <= rounds; round += 1)
    for (const audited of [true, false]) rows.push({ round, ...(await measure(database, audited)) });
  printTable(rows);
  console.log(`The aim is ${aim} commits/s with the chain.`);
} finally {
  rmSync(dataDirectory, { recursive: true, force: true });
}

async function measure(database: Database, audited: boolean): Promise<TableRow> {
  const workspaceId = newUuid();
  const actor = { kind: 'user', id: newUuid() } as const;
  const latencies: number[] = [];
  const begun = performance.now();
  const until = begun + seconds * 1000;
  const write = async (): Promise<void> => {
    const id = newUuid();
    await database.withWorkspace({ workspaceId }, async (transaction) => {
      // A row of a business: as many columns, keys and bytes as most mutations write.
      await transaction.query(
        sql(
          'benchmark.write',
          `insert into idempotency_key (workspace_id, principal, field, key, input_hash, result, created_at)
           values ($1, $2, 'benchmark', $3, sha256(convert_to($3, 'UTF8')), $4::jsonb, now())`,
          [actor.id, id, JSON.stringify({ id, name: 'A thing that was changed', tags: ['a', 'b'] })],
        ),
      );
      if (!audited) return;
      audit(transaction, {
        actor,
        action: 'asset.update',
        entityType: 'asset',
        entityId: id,
        before: { name: 'A thing', tags: ['a'] },
        after: { name: 'A thing that was changed', tags: ['a', 'b'] },
        requestId: id,
      });
    });
  };
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (performance.now() < until) {
        const started = performance.now();
        await write();
        latencies.push(performance.now() - started);
      }
    }),
  );
  const took = (performance.now() - begun) / 1000;
  if (audited) await assertChain(database, workspaceId, latencies.length);
  return {
    '': audited ? 'with the audit chain' : 'without',
    writers,
    'commits/s': Math.round(latencies.length / took),
    'p50 ms': quantile(latencies, 0.5),
    'p99 ms': quantile(latencies, 0.99),
  };
}

async function assertChain(database: Database, workspaceId: string, commits: number): Promise<void> {
  const [row] = await database.read(
    { workspaceId },
    sql(
      'benchmark.countEntries',
      'select count(*)::int as n, max(number)::int as last from audit_entry where workspace_id = $1',
    ),
  );
  if (row!['n'] !== commits || row!['last'] !== commits)
    throw new Error(
      `${commits} commits left ${String(row!['n'])} entries, the last with number ${String(row!['last'])}.`,
    );
}
