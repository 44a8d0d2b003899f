import { readAddress } from '@tributary/embedded/data-folder';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readOperateConfig } from './config.js';
import { appUrlOf, openForOperator } from './openForOperator.js';
import { runAdmin } from './runAdmin.js';

// `npm run admin -- suspend-workspace --slug acme`, beside a running system or not. It works on a cluster with DATABASE_URL alone.
await runAsProcess(() =>
  runAdmin(process.argv.slice(2), async () => {
    const config = readOperateConfig(await settingsWithSecrets());
    const { DATABASE_URL, DATABASE_ENGINE: engine, DATABASE_POOLER: pooler, dataDirectory } = config;
    const listening = DATABASE_URL ? null : readAddress(dataDirectory);
    const publicUrl = config.PUBLIC_URL ?? listening ?? 'http://127.0.0.1:4000';
    if (DATABASE_URL)
      return { databaseUrl: DATABASE_URL, engine, pooler, publicUrl, [Symbol.asyncDispose]: () => Promise.resolve() };
    const operator = await openForOperator(config);
    return {
      databaseUrl: appUrlOf(operator, config),
      publicUrl,
      [Symbol.asyncDispose]: () => operator[Symbol.asyncDispose](),
    };
  }),
);
