import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** Parts whose processes tests kill. */
export type KilledPart = 'gateway' | 'worker';

/** A system that somebody else has started, such as `npm run prove:containers`: what the suite needs to know of it. */
export interface GivenSystem {
  /** Of the gateway. */
  readonly origin: string;
  /** A folder with the cluster's `cluster-secrets.json`. */
  readonly dataFolder: string;
  /** Programs with their first arguments. */
  readonly admin: readonly string[];
  readonly killRedis: readonly string[];
  readonly startRedis: readonly string[];
  /** Ends the process of a part at once; something starts it again. */
  readonly kill: Readonly<Record<KilledPart, readonly string[]>>;
}

/** The system that E2E_SYSTEM names by its file, or null. */
export const givenSystem: GivenSystem | null = read(process.env['E2E_SYSTEM']);

function read(file: string | undefined): GivenSystem | null {
  return file === undefined ? null : (JSON.parse(readFileSync(file, 'utf8')) as GivenSystem);
}

/** Runs one of its programs, and answers what it printed. */
export async function runGiven([program, ...first]: readonly string[], args: readonly string[] = []): Promise<string> {
  return (await promisify(execFile)(program!, [...first, ...args])).stdout;
}
