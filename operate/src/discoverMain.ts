import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { ConfigError } from '@tributary/kernel';
import { runAsProcess, settingsWithSecrets } from '@tributary/process';
import { readOperateConfig } from './config.js';
import { Refused } from './discover/GraphAccess.js';
import { ProgressLine } from './discover/ProgressLine.js';
import { reachSystem } from './discover/reachSystem.js';
import { readArguments } from './discover/readArguments.js';
import { runDiscovery } from './discover/runDiscovery.js';
import { summaryOf } from './discover/summary.js';

const exitCodes: Readonly<Record<string, number>> = { SUCCEEDED: 0, AWAITING_APPROVAL: 3 };

// `npm run discover -- estate.csv`, for people without code: takes a file into the inventory and says what became of it.
await runAsProcess(
  async () => {
    const wanted = readArguments(process.argv.slice(2));
    const config = readOperateConfig(await settingsWithSecrets());
    const path = readable(resolve(config.INIT_CWD ?? '.', wanted.file));
    const leaving = new AbortController();
    process.once('SIGINT', () => leaving.abort());
    process.once('SIGTERM', () => leaving.abort());
    await using system = await reachSystem(config, wanted);
    if (system.note) process.stderr.write(`${system.note}\n`);
    const line = new ProgressLine(process.stderr);
    const flow = await runDiscovery(system.access, wanted, path, line, leaving.signal);
    process.stdout.write(summaryOf(flow));
    if (flow.status === 'AWAITING_APPROVAL')
      process.stdout.write(
        `It waits: approve ${flow.id} in GraphiQL (approveFieldMappings), or cancel it (cancelFlow). With --yes nothing is asked.\n`,
      );
    process.exitCode = exitCodes[flow.status] ?? 1;
  },
  (error) => {
    if (error instanceof ConfigError || error instanceof Refused) return error.message;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  },
);

function readable(path: string): string {
  try {
    accessSync(path, constants.R_OK);
    if (statSync(path).isFile()) return path;
  } catch (cause) {
    throw new ConfigError(`${path} cannot be read. Is it the name of a file of yours?`, { cause });
  }
  throw new ConfigError(`${path} is a folder: name a file in it.`);
}
