import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BackupError } from '@tributary/data/backup';
import { ConfigError } from '@tributary/kernel';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { createLogger } from '@tributary/observability';
import { readOperateConfig } from './config.js';
import { restore } from './restore.js';

// `npm run restore -- --from folder [--keys file]`, into an empty place only.
await runAsProcess(async () => {
  const { values } = parseArgs({ options: { from: { type: 'string' }, keys: { type: 'string' } } });
  if (!values.from)
    throw new ConfigError('Where from? TRIBUTARY_DATA=new-folder npm run restore -- --from folder [--keys file]');
  try {
    const { manifest, migrated, audit } = await restore(readOperateConfig(await settingsWithSecrets()), {
      folder: resolve(values.from),
      keysFile: values.keys,
      logger: createLogger({ name: 'restore', level: 'warn' }),
    });
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(`${rows} rows and ${manifest.uploads.length} uploads of ${manifest.createdAt} are back.`);
    if (migrated.length > 0) console.log(`The database was brought to the newest version: ${migrated.join(', ')}.`);
    console.log(`Audit trails: ${audit.entries} entries, ${audit.faults} faults.`);
    if (audit.faults > 0) process.exitCode = 1;
  } catch (error) {
    if (error instanceof BackupError) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
});
