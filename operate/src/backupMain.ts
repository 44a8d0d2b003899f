import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BackupError } from '@tributary/data/backup';
import { ConfigError } from '@tributary/kernel';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { backup } from './backup.js';
import { readOperateConfig } from './config.js';
import { openForOperator } from './openForOperator.js';

// `npm run backup -- --to folder [--with-keys]`, beside a running system or not.
await runAsProcess(async () => {
  const { values } = parseArgs({
    options: { to: { type: 'string' }, 'with-keys': { type: 'boolean', default: false } },
  });
  if (!values.to) throw new ConfigError('Where to? npm run backup -- --to folder [--with-keys]');
  const folder = resolve(values.to);
  const config = readOperateConfig(await settingsWithSecrets());
  await using operator = await openForOperator(config);
  try {
    const manifest = await backup(operator, config, { folder, withKeys: values['with-keys'] });
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0);
    console.log(
      `${rows} rows of ${manifest.tables.length} tables and ${manifest.uploads.length} uploads are in ${folder}.`,
    );
    if (manifest.withKeys) console.log('It holds the keys, too: whoever has the folder can read everything in it.');
    else if (manifest.encryptionKeyIds.length > 0)
      console.log(
        `Keep the encryption keys ${manifest.encryptionKeyIds.join(', ')} elsewhere: without them encrypted columns cannot be read again.`,
      );
  } catch (error) {
    if (error instanceof BackupError) throw new ConfigError(error.message, { cause: error });
    throw error;
  }
});
