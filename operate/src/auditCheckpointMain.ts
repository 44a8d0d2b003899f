import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { readCheckpoints, toLine, writeCheckpoints } from '@tributary/data/audit';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { auditSigningKey } from './auditKeys.js';
import { readOperateConfig } from './config.js';
import { openForOperator, workerUrlOf } from './openForOperator.js';

// `npm run audit:checkpoint`: signs the ends of all trails now, and with --to copies the newest to a file.
await runAsProcess(async () => {
  const { values } = parseArgs({ options: { to: { type: 'string' } } });
  const config = readOperateConfig(await settingsWithSecrets());
  await using database = await openForOperator(config);
  const workerUrl = workerUrlOf(database, config);
  const { written, broken } = await writeCheckpoints(workerUrl, auditSigningKey(database, config));
  console.log(`${written} audit trails had grown and are signed.`);
  if (values.to) {
    const newest = await readCheckpoints(workerUrl);
    appendFileSync(values.to, newest.map((checkpoint) => `${toLine(checkpoint)}\n`).join(''), { mode: 0o600 });
    console.log(
      `${newest.length} checkpoints were added to ${values.to}. Keep it where the database's operators cannot change it.`,
    );
  }
  for (const workspaceId of broken)
    console.error(
      `Workspace ${workspaceId} lost what was signed before, and was not signed. Run npm run audit:verify.`,
    );
  if (broken.length > 0) process.exitCode = 1;
});
