import { migrate, untilReachable } from '@tributary/data';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readMigrateConfig } from './config.js';
import { installJobs, migrations } from './index.js';

await runAsProcess(async () => {
  const config = readMigrateConfig(await settingsWithSecrets());
  await untilReachable(config.DATABASE_ADMIN_URL);
  const ran = await migrate({
    adminUrl: config.DATABASE_ADMIN_URL,
    migrations,
    installJobs,
    passwords: {
      migrator: config.DATABASE_MIGRATOR_PASSWORD,
      app: config.DATABASE_APP_PASSWORD,
      worker: config.DATABASE_WORKER_PASSWORD,
    },
  });
  process.stdout.write(ran.length > 0 ? `Migrated: ${ran.join(', ')}\n` : 'The database is at the newest version.\n');
});
