import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { roleUrl } from '@tributary/data';
import type { Net } from './Net.ts';
import type { Oracle } from './Judge.ts';

/** What the product’s own packages do with handles and logs, in a process that loads them from the tree under attack. */
export async function attackHandles(net: Net): Promise<void> {
  await net.admin.query(
    `create or replace function lookup.bound_workspace() returns table (bound text) language sql as $$ select current_setting('app.workspace_id', true) $$`,
  );
  await net.admin.query('grant execute on function lookup.bound_workspace() to app');
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [
      join(net.root, 'prove', 'tenancy', 'net', 'handles.mjs'),
      net.cluster.tree,
      roleUrl(net.databaseUrl, 'app', net.passwords.app),
      net.worlds.a.people.workspaceId,
      net.engine,
    ]);
    for (const line of stdout.split('\n').filter((text) => text.startsWith('FOUND '))) {
      const [oracle, where, what] = JSON.parse(line.slice('FOUND '.length)) as [Oracle, string, string];
      net.judge.report(oracle, where, what);
    }
    if (!stdout.includes('LOOKED')) throw new Error(`The look at handles ended early: ${stdout}`);
    net.counts.probes += 4;
  } finally {
    await net.admin.query('drop function lookup.bound_workspace()');
  }
}
