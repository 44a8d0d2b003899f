import { createHash } from 'node:crypto';
import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.js';
import type { Binaries } from './findBinaries.js';
import { dataFolderIn } from './initialise.js';
import { canReach, unprivilegedUserFor, type UnprivilegedUser } from './unprivilegedUser.js';

export interface Home {
  /** The folder that PostgreSQL's files live in: `dataDirectory`, or its stand-in. */
  readonly folder: string;
  /** Null: PostgreSQL runs as the user of this process. */
  readonly user: UnprivilegedUser | null;
  /** Whether the installed binaries cannot be reached, and a copy is needed. */
  readonly copyBinaries: boolean;
}

/**
 * PostgreSQL refuses root. As root, finds whom it runs as, and a place that this user can get to: under a private folder
 * such as /root that is a stand-in under the system's temporary folder, always the same for one `dataDirectory`.
 */
export function chooseHome(dataDirectory: string, binaries: Binaries, log: (message: string) => void): Home {
  const user = unprivilegedUserFor(dataFolderIn(dataDirectory));
  if (!user) return { folder: dataDirectory, user, copyBinaries: false };
  const copyBinaries = !canReach(
    user,
    path.join(binaries.folder, 'bin'),
    path.join(binaries.folder, 'share', 'postgresql', 'postgres.bki'),
  );
  const standIn = standInFor(dataDirectory);
  const hasMoved = existsSync(noteIn(dataDirectory));
  const reachable = canReach(user, dataDirectory);
  // Data that exists is used where it is: a start must never find an empty database because a folder's mode has changed.
  if (existsSync(dataFolderIn(dataDirectory))) {
    if (!reachable) throw unreachableData(dataDirectory, user);
    return { folder: dataDirectory, user, copyBinaries };
  }
  if (reachable && !(hasMoved && existsSync(standIn))) return { folder: dataDirectory, user, copyBinaries };
  if (hasMoved && !existsSync(standIn))
    log(`${standIn} with the data of an earlier run is gone. Beginning with an empty database.`);
  openStandIn(dataDirectory, standIn);
  const standInUser = unprivilegedUserFor(dataFolderIn(standIn)) ?? user;
  log(
    `PostgreSQL does not run as root, and uid ${user.uid} cannot enter ${dataDirectory}: its data is in ${standIn}. ` +
      'Start Tributary as a plain user, or from a folder that all may enter, to keep it in place.',
  );
  return { folder: standIn, user: standInUser, copyBinaries };
}

/** Where the data is when PostgreSQL's user cannot get to `dataDirectory`. */
export function standInFor(dataDirectory: string): string {
  return path.join(tmpdir(), `tributary-${createHash('sha256').update(dataDirectory).digest('hex').slice(0, 16)}`);
}

function noteIn(dataDirectory: string): string {
  return path.join(dataDirectory, 'MOVED');
}

function openStandIn(dataDirectory: string, standIn: string): void {
  if (existsSync(standIn)) {
    const found = lstatSync(standIn);
    // The temporary folder is everybody's: what somebody else put there is not to be trusted.
    if (!found.isDirectory() || found.uid !== 0) {
      throw new EmbeddedPostgresError(
        'notWritable',
        `${standIn} belongs to somebody else. Delete it, or set TMPDIR to another folder.`,
      );
    }
    // Whoever deleted the data directory meant its stand-in too.
    if (!existsSync(noteIn(dataDirectory))) rmSync(standIn, { recursive: true, force: true });
  }
  if (!existsSync(standIn)) mkdirSync(standIn);
  chmodSync(standIn, 0o711);
  writeFileSync(
    noteIn(dataDirectory),
    `PostgreSQL cannot reach this folder as a plain user. Its data is in:\n${standIn}\n`,
  );
}

function unreachableData(dataDirectory: string, user: UnprivilegedUser): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'notWritable',
    `PostgreSQL does not run as root, and uid ${user.uid}, which owns the data in ${dataDirectory}, cannot enter that folder. ` +
      'Let all enter the folders above it again (chmod o+x), or start Tributary as that user.',
  );
}
