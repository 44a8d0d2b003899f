import type { Net } from './Net.ts';

/** Takes row-level security away for as long as `work` takes. */
export async function withoutPolicies(net: Net, work: () => Promise<void>): Promise<void> {
  const { rows } = await net.admin.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relrowsecurity`,
  );
  try {
    for (const { name } of rows) await net.admin.query(`alter table "${name}" disable row level security`);
    await work();
  } finally {
    for (const { name } of rows) await net.admin.query(`alter table "${name}" enable row level security`);
  }
}
