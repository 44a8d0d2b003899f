import { attackEntities } from './attackEntities.ts';
import { attackLive } from './attackLive.ts';
import { attackMutations } from './attackMutations.ts';
import { attackQueries } from './attackQueries.ts';
import { attackCommands } from './attackRoutes.ts';
import type { Net } from './Net.ts';

/** Takes row-level security away for a while: what every statement says of the workspace must hold alone. */
export async function attackWithoutPolicies(net: Net): Promise<void> {
  const { rows } = await net.admin.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relrowsecurity`,
  );
  try {
    for (const { name } of rows) await net.admin.query(`alter table "${name}" disable row level security`);
    // Before mutations make A's streams longer than anybody's.
    await attackLive(net);
    await attackQueries(net, 0);
    await attackEntities(net);
    await attackMutations(net, 0);
    await attackCommands(net);
  } finally {
    for (const { name } of rows) await net.admin.query(`alter table "${name}" enable row level security`);
  }
}
