import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { newDataFolder } from '@tributary/kit';
import type { Edit } from './edits.js';

/** A copy of this project's files in which something can be added, built and run. */
export class Tree implements Disposable {
  readonly folder = newDataFolder('sixth');
  private readonly files: readonly string[];

  constructor(private readonly root: string) {
    this.files = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .filter((file) => file !== '' && existsSync(join(root, file)));
    for (const file of this.files) cpSync(join(root, file), join(this.folder, file), { preserveTimestamps: true });
    this.link('node_modules');
    for (const own of globSync('{*,*/*}/node_modules', { cwd: root }))
      if (!own.startsWith('node_modules')) symlinkSync(join(root, own), join(this.folder, own));
    cpSync(join(root, 'gateway/dist-sandbox'), join(this.folder, 'gateway/dist-sandbox'), { recursive: true });
  }

  /** Writes a file; a package of ours can be imported from then on. */
  add(file: string, text: string): void {
    mkdirSync(dirname(join(this.folder, file)), { recursive: true });
    writeFileSync(join(this.folder, file), text);
    if (file.endsWith('/package.json')) {
      const { name } = JSON.parse(text) as { name: string };
      symlinkSync(join('../..', dirname(file)), join(this.folder, 'node_modules', name));
    }
  }

  /** Throws when the place is not there once. */
  change({ file, behind, insert }: Edit): void {
    const path = join(this.folder, file);
    const parts = readFileSync(path, 'utf8').split(behind);
    if (parts.length !== 2) throw new Error(`“${behind}” stands ${parts.length - 1} times in ${file}, not once.`);
    writeFileSync(path, parts.join(behind + insert));
  }

  /** Files that differ from the project's, and new ones. */
  changed(): string[] {
    const now = globSync('**/*', {
      cwd: this.folder,
      exclude: ({ name }) => ['node_modules', 'dist', 'dist-sandbox'].includes(name),
      withFileTypes: true,
    })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.folder.length + 1));
    return now.filter((file) => {
      const original = join(this.root, file);
      return !existsSync(original) || !readFileSync(original).equals(readFileSync(join(this.folder, file)));
    });
  }

  /** Runs a command of Node's here; throws with what it said when it fails. */
  run(...args: string[]): void {
    try {
      execFileSync(process.execPath, args, { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' });
    } catch (error) {
      const { stdout, stderr } = error as { stdout: string; stderr: string };
      throw new Error(`${args.join(' ')} failed:\n${stdout}\n${stderr}`, { cause: error });
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Links to every installed package; those of the workspaces lead to this tree. */
  private link(modules: string): void {
    const [from, to] = [join(this.root, modules), join(this.folder, modules)];
    mkdirSync(join(to, '@tributary'), { recursive: true });
    for (const name of readdirSync(from)) if (name !== '@tributary') symlinkSync(join(from, name), join(to, name));
    for (const name of readdirSync(join(from, '@tributary')))
      symlinkSync(readlinkSync(join(from, '@tributary', name)), join(to, '@tributary', name));
  }
}
