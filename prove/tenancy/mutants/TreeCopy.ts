import { execFileSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const parts = [
  'contracts',
  'packages',
  'subgraphs',
  'gateway',
  'worker',
  'migrations',
  'schema',
  'scripts',
  'package.json',
  '.swcrc',
];

export interface Edit {
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A copy of the built tree to change: the packages are the copy's own, everything else is the original's. */
export class TreeCopy implements Disposable {
  readonly folder: string;
  readonly #originals = new Map<string, string>();

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** `more`: parts beside those that make the product; with `tests`, their tests, too. */
  static of(
    root: string,
    { more = [], tests = false }: { readonly more?: readonly string[]; readonly tests?: boolean } = {},
  ): TreeCopy {
    const folder = mkdtempSync(join(tmpdir(), 'tributary-mutant-'));
    for (const part of [...parts, ...more]) {
      cpSync(join(root, part), join(folder, part), {
        recursive: true,
        preserveTimestamps: true,
        filter: (source) =>
          !['node_modules', 'dist-sandbox'].includes(basename(source)) && (tests || basename(source) !== 'test'),
      });
    }
    linkModules(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const part of ['packages', 'subgraphs']) {
      for (const name of readdirSync(join(root, part)))
        linkOwnModules(join(root, part, name), join(folder, part, name));
    }
    linkOwnModules(join(root, 'gateway'), join(folder, 'gateway'));
    return new TreeCopy(folder);
  }

  /** Throws when a text that is to be taken away is not there, or is there twice: a mutant that changes nothing proves nothing. */
  change(edits: readonly Edit[]): void {
    this.edit(edits);
    if (edits.length > 0) this.#build();
  }

  /** The same without a build: for what is run from its sources. */
  edit(edits: readonly Edit[]): void {
    for (const { file, find, replace } of edits) {
      const path = join(this.folder, file);
      const text = readFileSync(path, 'utf8');
      if (text.split(find).length !== 2)
        throw new Error(`mutants.ts: "${find}" stands ${text.split(find).length - 1} times in ${file}, not once.`);
      if (!this.#originals.has(path)) this.#originals.set(path, text);
      writeFileSync(
        path,
        text.replace(find, () => replace),
      );
    }
  }

  restore(): void {
    if (this.#originals.size === 0) return;
    this.revert();
    this.#build();
  }

  /** The same without a build. */
  revert(): void {
    for (const [path, text] of this.#originals) writeFileSync(path, text);
    this.#originals.clear();
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #build(): void {
    execFileSync(process.execPath, [join(this.folder, 'scripts', 'build.mjs'), '--quiet'], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
  }
}

/** Links to every installed package; those of the workspaces lead to the copy. */
function linkModules(from: string, to: string): void {
  mkdirSync(to);
  for (const name of readdirSync(from)) if (name !== '@tributary') symlinkSync(join(from, name), join(to, name));
  mkdirSync(join(to, '@tributary'));
  for (const name of readdirSync(join(from, '@tributary')))
    symlinkSync(readlinkSync(join(from, '@tributary', name)), join(to, '@tributary', name));
}

function linkOwnModules(from: string, to: string): void {
  if (readdirSync(from).includes('node_modules')) symlinkSync(join(from, 'node_modules'), join(to, 'node_modules'));
}
