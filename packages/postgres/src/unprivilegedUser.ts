import { spawnSync } from 'node:child_process';
import { existsSync, lchownSync, lstatSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.js';

/** Whom PostgreSQL runs as when this process is root, which it refuses. */
export interface UnprivilegedUser {
  readonly uid: number;
  readonly gid: number;
}

/** `nobody` on most systems; any uid that owns nothing else would do. */
const nobody: UnprivilegedUser = { uid: 65534, gid: 65534 };

/**
 * Null when this process is not root. Otherwise the owner of `cluster` when it belongs to a plain user already (so that
 * this user can go on with it later), else `nobody`.
 */
export function unprivilegedUserFor(cluster: string): UnprivilegedUser | null {
  if (process.getuid?.() !== 0) return null;
  if (!existsSync(cluster)) return nobody;
  const { uid, gid } = statSync(cluster);
  return uid === 0 ? nobody : { uid, gid };
}

/** Whether `user` can enter `folder` and run or read `file`; asked as that user, so that access lists and mounts count. */
export function canReach(user: UnprivilegedUser, folder: string, file?: string): boolean {
  const probe = spawnSync(
    '/bin/sh',
    ['-c', 'test -x "$1" && { test -z "$2" || test -r "$2"; }', 'sh', folder, file ?? ''],
    {
      ...user,
      cwd: '/',
      stdio: 'ignore',
    },
  );
  if (probe.error) {
    throw new EmbeddedPostgresError(
      'rootRefused',
      `PostgreSQL does not run as root, and this system does not let Tributary start it as uid ${user.uid} ` +
        `(${probe.error.message}). Start Tributary as a plain user.`,
      { cause: probe.error },
    );
  }
  return probe.status === 0;
}

/** Gives `folder` and all that is in it to `user`. */
export function giveTo(user: UnprivilegedUser, folder: string): void {
  lchownSync(folder, user.uid, user.gid);
  if (!lstatSync(folder).isDirectory()) return;
  for (const name of readdirSync(folder)) giveTo(user, path.join(folder, name));
}
