import { readFileSync } from 'node:fs';

/** Which build this process runs. */
export interface BuildVersion {
  /** Such as `0.1.0`. */
  readonly version: string;
  /** The commit it was built from, 40 hex digits. Null: the build could not tell. */
  readonly commit: string | null;
}

const ofPackage = (file: string): string | null => {
  try {
    return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8').trim();
  } catch {
    return null;
  }
};

/** Read once for each process: the files may be those of a later build by the time somebody asks. */
export const buildVersion: BuildVersion = {
  version: (JSON.parse(ofPackage('package.json') ?? '{}') as { version?: string }).version ?? '0.0.0',
  commit: ofPackage('dist/commit') || null,
};
