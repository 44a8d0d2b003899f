import { cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { runProgram } from './runProgram.ts';

export const image = 'localhost/tributary:local';
const base = 'localhost/debian:bookworm-slim';
const builder = 'localhost/node:24-bookworm-slim';
const standIns = { postgres: 'localhost/postgres:18-bookworm', redis: 'localhost/redis:7-bookworm' };

/** In the builder: this machine's own lies over it while it builds. */
const npmCache = '/var/cache/npm';

/** What Docker's slim images leave out of Debian. */
const unneeded = [
  'var/cache/apt',
  'var/lib/apt/lists',
  'usr/share/doc',
  'usr/share/man',
  'usr/share/locale',
  'var/log',
];

export interface BuildOptions {
  readonly root: string;
  /** For what is made on the way; deleted by the caller. */
  readonly folder: string;
  readonly commit: string;
  readonly version: string;
}

/**
 * Builds the product's image from its Dockerfile, and stand-ins for PostgreSQL and Redis, on bases that debootstrap makes: no registry of
 * images is asked. Answers how long the build took, in seconds.
 */
export function buildImages({ root, folder, commit, version }: BuildOptions): number {
  if (!exists(base)) makeBases(folder);
  if (!Object.values(standIns).every(exists)) makeStandIns(root, folder);
  const started = performance.now();
  const cache = runProgram('npm', ['config', 'get', 'cache']);
  mkdirSync(cache, { recursive: true });
  runProgram('podman', [
    'build',
    '--quiet',
    ...['--format', 'docker', '--network', 'host', '--volume', `${cache}:${npmCache}:O`],
    ...['--build-arg', `BUILDER=${builder}`, '--build-arg', `BASE=${base}`],
    ...['--build-arg', `TRIBUTARY_COMMIT=${commit}`, '--build-arg', `TRIBUTARY_VERSION=${version}`],
    ...['--tag', image, root],
  ]);
  return (performance.now() - started) / 1_000;
}

function makeBases(folder: string): void {
  const tree = join(folder, 'base');
  runProgram('debootstrap', ['--variant=minbase', 'bookworm', tree]);
  for (const each of unneeded) rmSync(join(tree, each), { recursive: true, force: true });
  for (const each of ['var/cache/apt/archives/partial', 'var/lib/apt/lists/partial', 'var/log'])
    mkdirSync(join(tree, each), { recursive: true });
  importTree(tree, base, []);
  // The builder has Node and npm besides, as this machine has them, and the authorities that it trusts.
  const local = join(tree, 'usr/local');
  cpSync(process.execPath, join(local, 'bin/node'));
  const npm = realpathSync(runProgram('sh', ['-c', 'command -v npm']));
  cpSync(dirname(dirname(npm)), join(local, 'lib/node_modules/npm'), { recursive: true });
  for (const each of ['npm', 'npx'])
    symlinkSync(`../lib/node_modules/npm/bin/${each}-cli.js`, join(local, 'bin', each));
  const authorities = process.env['NODE_EXTRA_CA_CERTS'];
  const isThere = authorities !== undefined && existsSync(authorities);
  if (isThere) {
    mkdirSync(join(tree, 'etc/ssl/certs'), { recursive: true });
    cpSync(realpathSync(authorities), join(tree, 'etc/ssl/certs/ca-certificates.crt'));
  }
  importTree(tree, builder, [
    `ENV npm_config_cache=${npmCache}`,
    ...(isThere ? ['ENV NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt'] : []),
  ]);
  rmSync(tree, { recursive: true });
}

function importTree(tree: string, name: string, changes: readonly string[]): void {
  const told = changes.map((change) => `--change '${change}'`).join(' ');
  runProgram('sh', ['-c', `tar --create --directory "$1" . | podman import --quiet ${told} - "$2"`, 'sh', tree, name]);
}

function makeStandIns(root: string, folder: string): void {
  const context = mkdtempSync(join(folder, 'stand-ins-'));
  cpSync(join(root, 'prove/containers/standInPostgres.sh'), join(context, 'postgres.sh'));
  const install = 'apt-get update && apt-get install --yes --no-install-recommends postgresql redis-server';
  const from = `FROM ${base}\nRUN ${install} && rm -rf /var/lib/apt/lists/*\n`;
  const files = {
    postgres: `${from}COPY postgres.sh /\nENTRYPOINT ["sh", "/postgres.sh"]\n`,
    redis: `${from}WORKDIR /data\nENTRYPOINT ["sh", "-c", "exec \\"$@\\" --protected-mode no", "sh"]\n`,
  };
  for (const [name, text] of Object.entries(files)) {
    const file = join(context, `Dockerfile.${name}`);
    writeFileSync(file, text);
    const tag = standIns[name as keyof typeof standIns];
    runProgram('podman', [
      'build',
      '--quiet',
      '--format',
      'docker',
      '--network',
      'host',
      '--tag',
      tag,
      '--file',
      file,
      context,
    ]);
  }
}

function exists(name: string): boolean {
  try {
    runProgram('podman', ['image', 'exists', name]);
    return true;
  } catch {
    return false;
  }
}
