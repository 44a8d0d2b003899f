import { ConfigError } from '@tributary/kernel';
import { buildVersion } from './buildVersion.js';
import { collectAtRest } from './collectAtRest.js';
import { readHeapConfig } from './config.js';
import { tuneHeap } from './tuneHeap.js';

/**
 * Runs a process's main work; started with `--version` it only says which build it is. When it fails, tells the operator what `explain` makes of it and ends the process with 1: by default
 * settings that cannot work in plain words, and everything else with its stack.
 */
export async function runAsProcess(
  work: () => Promise<void>,
  explain: (error: unknown) => string = withStack,
): Promise<void> {
  if (process.argv.includes('--version')) {
    const { version, commit } = buildVersion;
    process.stdout.write(`tributary ${version}${commit === null ? '' : ` (${commit})`}\n`);
    return;
  }
  try {
    tuneHeap(readHeapConfig());
    await work();
    collectAtRest();
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

function withStack(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
