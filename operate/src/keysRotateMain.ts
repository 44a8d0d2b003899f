import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { keyRefreshMs } from '@tributary/data/encryption';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { addKey, dropOldKeys } from '@tributary/embedded/data-folder';
import { readOperateConfig } from './config.js';
import { openForOperator } from './openForOperator.js';
import { openTenants } from './openTenants.js';
import { rotateKeys } from './rotateKeys.js';

// `npm run keys:rotate`: exit code 0 when nothing is left that another key than the current one has sealed.
await runAsProcess(async () => {
  const { values } = parseArgs({ options: { 'keep-old': { type: 'boolean', default: false } } });
  const config = readOperateConfig(await settingsWithSecrets());
  await using operator = await openForOperator(config);
  if (operator.secrets) {
    console.log(`Key ${addKey(config.dataDirectory)} is the current one now.`);
    // A process that has not looked yet would go on sealing with the one before.
    await sleep(2 * keyRefreshMs);
  }
  await using tenants = await openTenants(operator, config);
  let done = 0;
  const { resealed, left } = await rotateKeys(operator.adminUrl, tenants, (rows) => {
    done += rows;
    if (Math.floor(done / 10_000) !== Math.floor((done - rows) / 10_000)) console.log(`${done} values …`);
  });
  console.log(`${resealed} values are encrypted with key ${tenants.keyring.currentKeyId} now; ${left} are left.`);
  if (left > 0) {
    console.error(
      'Something still encrypts with an older key. Give every process the new key first in ENCRYPTION_KEYS, then run this again.',
    );
    process.exitCode = 1;
  } else if (operator.secrets && !values['keep-old']) dropOldKeys(config.dataDirectory);
});
