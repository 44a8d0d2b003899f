import { CitusError, migrate, type MigrateOptions } from '@tributary/data';
import { installJobs, migrations, onCitus } from '@tributary/migrations';
import type { CitusCluster } from './CitusCluster.ts';
import { countRows, lostRows, withAdmin } from './shards.ts';

interface Grown {
  readonly faults: readonly string[];
  readonly rows: number;
  readonly seconds: number;
  /** What was said before anything was moved. */
  readonly said: string;
}

/**
 * A database that was filled on plain PostgreSQL and is spread then: all of its rows are there behind it, it is said first, and a database
 * that was spread in another way, or is not a cluster's yet, is refused. `fill` puts rows into an empty one.
 */
export async function grown(
  cluster: CitusCluster,
  passwords: MigrateOptions['passwords'],
  fill: (adminUrl: string) => Promise<unknown>,
): Promise<Grown> {
  const faults: string[] = [];
  const adminUrl = cluster.coordinator.url('grown');
  const onEach = async (text: string) => {
    for (const node of [cluster.coordinator, ...cluster.workers])
      await withAdmin(node.url('postgres'), (admin) => admin.query(text));
  };
  await onEach('create database grown');
  await fill(adminUrl);
  const before = await countRows(adminUrl);
  const spread = (say: (text: string) => void) =>
    migrate({ adminUrl, migrations, installJobs, passwords, engine: 'citus', onCitus, shards: 4, say });
  const refused = async (what: string): Promise<void> => {
    const error = await spread(() => undefined).then(
      () => null,
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof CitusError)) faults.push(`${what} was not refused: ${String(error)}`);
    faults.push(...lostRows(before, await countRows(adminUrl)));
  };
  await refused('a coordinator without workers');
  await cluster.joinDatabase('grown');
  await withAdmin(adminUrl, (admin) => admin.query(`select create_reference_table('idempotency_key')`));
  await refused('a table that is spread in another way');
  await withAdmin(adminUrl, (admin) => admin.query(`select undistribute_table('idempotency_key')`));
  const said: string[] = [];
  const begun = performance.now();
  await spread((text) => said.push(text));
  const seconds = (performance.now() - begun) / 1000;
  const now = await countRows(adminUrl);
  faults.push(...lostRows(before, now));
  if (!said[0]?.includes('moves their rows')) faults.push(`it was not said what is moved: ${said.join(' ')}`);
  await spread((text) => faults.push(`a second run moves again: ${text}`));
  await onEach('drop database grown with (force)');
  return { faults, rows: [...now.values()].reduce((sum, n) => sum + n, 0), seconds, said: said.join(' ') };
}
