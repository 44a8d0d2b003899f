import { parseArgs } from 'node:util';
import { CitusError, databaseEngines, migrate, untilReachable } from '@tributary/data';
import { ConfigError } from '@tributary/kernel';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readMigrateConfig } from './config.js';
import { installJobs, migrations, onCitus } from './index.js';

await runAsProcess(async () => {
  const { values } = parseArgs({ options: { engine: { type: 'string' } } });
  const config = readMigrateConfig(await settingsWithSecrets());
  const engine = databaseEngines.find((each) => each === (values.engine ?? config.DATABASE_ENGINE));
  if (!engine) throw new ConfigError(`--engine is one of ${databaseEngines.join(', ')}.`);
  await untilReachable(config.DATABASE_ADMIN_URL);
  const ran = await migrate({
    adminUrl: config.DATABASE_ADMIN_URL,
    migrations,
    installJobs,
    engine,
    onCitus,
    shards: config.CITUS_SHARDS,
    say: (text) => process.stdout.write(`${text}\n`),
    passwords: {
      migrator: config.DATABASE_MIGRATOR_PASSWORD,
      app: config.DATABASE_APP_PASSWORD,
      worker: config.DATABASE_WORKER_PASSWORD,
    },
  }).catch((error: unknown) => {
    if (error instanceof CitusError) throw new ConfigError(error.message, { cause: error });
    throw error;
  });
  process.stdout.write(ran.length > 0 ? `Migrated: ${ran.join(', ')}\n` : 'The database is at the newest version.\n');
});
