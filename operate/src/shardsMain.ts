import { parseArgs } from 'node:util';
import { CitusError } from '@tributary/data';
import { isolateWorkspace, listNodes, moveWorkspace, rebalance, withCoordinator } from '@tributary/data/citus';
import { ConfigError } from '@tributary/kernel';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readOperateConfig } from './config.js';

const usage =
  'What of the shards? list; move --workspace acme --to db-2.internal:5432; isolate --workspace acme --to db-2.internal:5432; rebalance. --block-writes where logical replication cannot be.';

// `npm run shards -- move --workspace acme --to db-2.internal:5432`: where the workspaces of a Citus cluster lie.
await runAsProcess(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      workspace: { type: 'string' },
      to: { type: 'string' },
      'block-writes': { type: 'boolean', default: false },
    },
  });
  const { DATABASE_ADMIN_URL: adminUrl } = readOperateConfig(await settingsWithSecrets());
  if (!adminUrl)
    throw new ConfigError('DATABASE_ADMIN_URL is missing: the coordinator of a Citus cluster, as superuser.');
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopped.abort());
  const options = {
    ...{ adminUrl, blockWrites: values['block-writes'], signal: stopped.signal },
    say: (text: string) => console.log(text),
  };
  const given = (name: 'workspace' | 'to'): string => {
    const value = values[name];
    if (!value) throw new ConfigError(`--${name} is missing. ${usage}`);
    return value;
  };
  const acts: Readonly<Record<string, () => Promise<void>>> = {
    list: async () => {
      for (const { host, port, shards, workspaces, bytes } of await withCoordinator(adminUrl, listNodes))
        console.log(
          `${host}:${port}: ${shards} shards with ${workspaces} workspaces, ${(bytes / 1024 / 1024).toFixed(1)} MB`,
        );
    },
    move: () => moveWorkspace({ ...options, slug: given('workspace'), to: given('to') }),
    isolate: () => isolateWorkspace({ ...options, slug: given('workspace'), to: given('to') }),
    rebalance: () => rebalance(options),
  };
  const act = acts[positionals[0] ?? ''];
  if (!act || positionals.length > 1) throw new ConfigError(usage);
  const begun = performance.now();
  try {
    await act();
  } catch (error) {
    if (error instanceof CitusError) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
  if (act !== acts['list']) console.log(`Done in ${((performance.now() - begun) / 1000).toFixed(1)} s.`);
});
