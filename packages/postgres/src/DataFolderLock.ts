import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.js';
import { startTimeOf } from './processFacts.js';

const patienceMs = 1000;

/**
 * Says which live process has a data folder open. A process is known by its pid and start time, since pids come again.
 * A lock whose process is gone is taken over.
 */
export class DataFolderLock {
  private constructor(
    private readonly file: string,
    private readonly content: string,
  ) {}

  /** Throws `inUse` when a live process holds it, and goes on holding it: one that was just killed needs a moment to be gone. */
  static async take(folder: string): Promise<DataFolderLock> {
    const file = path.join(folder, 'lock.json');
    const content = JSON.stringify({ pid: process.pid, startedAt: startTimeOf(process.pid) });
    // Written aside and linked, so that nobody ever reads half a lock.
    const aside = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
    writeFileSync(aside, content);
    try {
      for (const patience = Date.now() + patienceMs; ;) {
        if (linked(aside, file)) return new DataFolderLock(file, content);
        const holder = liveHolder(file);
        if (!holder) discardStale(file);
        else if (holder === process.pid || Date.now() > patience) throw refusal(holder, folder);
        else await delay(20);
      }
    } finally {
      rmSync(aside, { force: true });
    }
  }

  release(): void {
    if (readOrNull(this.file) === this.content) rmSync(this.file, { force: true });
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    // File systems without hard links: still exclusive, only not written in one step.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'EOPNOTSUPP')
      return createdExclusively(to, readFileSync(from, 'utf8'));
    throw error;
  }
}

function createdExclusively(file: string, content: string): boolean {
  try {
    writeFileSync(file, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds the lock in `file`, or null when none that lives does. */
export function liveHolder(file: string): number | null {
  const holder = parse(readOrNull(file));
  return holder && startTimeOf(holder.pid) === holder.startedAt ? holder.pid : null;
}

function refusal(holder: number, folder: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'inUse',
    `Another Tributary (process ${holder}) is running on ${folder}. Stop it, or give this one another data folder (TRIBUTARY_DATA).`,
  );
}

/** Renames before deleting: of two processes that found the same stale lock, one must not delete the other's new one. */
function discardStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (liveHolder(aside)) linked(aside, file);
  rmSync(aside, { force: true });
}

function parse(text: string | null): { pid: number; startedAt: string } | null {
  try {
    const value = JSON.parse(text ?? 'null') as { pid?: unknown; startedAt?: unknown } | null;
    return typeof value?.pid === 'number' && typeof value.startedAt === 'string'
      ? { pid: value.pid, startedAt: value.startedAt }
      : null;
  } catch {
    return null;
  }
}

function readOrNull(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
