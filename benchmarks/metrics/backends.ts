import type pg from 'pg';
import { cpuMilliseconds } from '@tributary/kit/measure';

/** CPU that PostgreSQL and this process spent on something, in milliseconds, and how long it took. */
export interface Spent<T> {
  readonly result: T;
  readonly postgresMs: number;
  readonly nodeMs: number;
  readonly wallMs: number;
}

/** Runs `work` and counts what the backends of the database that `admin` is connected to spent meanwhile. */
export async function spend<T>(admin: pg.Client, work: () => Promise<T>): Promise<Spent<T>> {
  const before = await backendMs(admin);
  const [cpu, started] = [process.cpuUsage(), performance.now()];
  const result = await work();
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  const after = await backendMs(admin);
  let postgresMs = 0;
  // Of a backend that began meanwhile, all.
  for (const [pid, ms] of after) postgresMs += ms - (before.get(pid) ?? 0);
  return { result, postgresMs, nodeMs: (user + system) / 1000, wallMs };
}

async function backendMs(admin: pg.Client): Promise<Map<number, number>> {
  const { rows } = await admin.query<{ pid: number }>(
    `select pid from pg_stat_activity where datname = current_database() and backend_type = 'client backend'`,
  );
  return new Map(rows.map(({ pid }) => [pid, cpuMilliseconds([pid])]));
}
