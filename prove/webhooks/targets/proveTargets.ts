import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { finding, type Finding } from '../Finding.ts';

interface Seen {
  readonly targets: number;
  readonly redirects: number;
  readonly redirectTargets: number;
  readonly refused: number;
  /** Names that led to a public address when they were asked for. */
  readonly changed: number;
  readonly connections: number;
  readonly reachedPublic: number;
  readonly unguarded: number;
  readonly kinds: Readonly<Record<string, number>>;
}

/** Every address is this machine's, and names are answered by the proof. */
const network = `
  ip link set lo up && ip route add local 0.0.0.0/0 dev lo && ip -6 route add local ::/0 dev lo &&
  mount --bind "$1" /etc/resolv.conf && shift && exec "$@"`;

/**
 * Hostile addresses in a network of its own, in which each of them leads to a listener: no request of the product arrives at any, while
 * public ones do, and all would without the guard. Needs `unshare` and `ip` of Linux. `settings`: what it runs with, for a build that must be
 * found out.
 */
export async function proveTargets(seed: string, settings: Readonly<Record<string, string>> = {}): Promise<Finding> {
  const folder = mkdtempSync(join(tmpdir(), 'tributary-targets-'));
  try {
    const [resolver, certificate, key] = ['resolv.conf', 'certificate.pem', 'key.pem'].map((name) =>
      join(folder, name),
    ) as [string, string, string];
    writeFileSync(resolver, 'nameserver 127.0.0.1\noptions timeout:1 attempts:1\n');
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
        ...['-subj', '/CN=receiver.example', '-addext', 'subjectAltName=DNS:*.receiver.example'],
        ...['-keyout', key, '-out', certificate],
      ],
      { stdio: 'ignore' },
    );
    const main = join(import.meta.dirname, 'targetsMain.ts');
    const program = [process.execPath, main, seed, certificate, key];
    const { stdout } = await promisify(execFile)(
      'unshare',
      ['--map-root-user', '--net', '--mount', 'sh', '-c', network, 'sh', resolver, ...program],
      { env: { ...process.env, ...settings, NODE_EXTRA_CA_CERTS: certificate }, maxBuffer: 16 * 1024 * 1024 },
    );
    const seen = JSON.parse(stdout.trim().split('\n').at(-1)!) as Seen;
    return finding(
      `${seen.targets} targets of ${Object.keys(seen.kinds).length} kinds, and ${seen.redirects} redirects to ${seen.redirectTargets} of them: ` +
        `${seen.connections} connections; without the guard ${seen.unguarded}; public addresses reached: ${seen.reachedPublic} of 2`,
      {
        'there are 200 at least': seen.targets >= 200,
        'none is reached': seen.connections === 0,
        'redirects are answered, and not followed': seen.redirects === seen.redirectTargets,
        'each is refused, but for names that had changed to a public address':
          seen.refused + seen.changed === seen.targets,
        'public addresses are reached': seen.reachedPublic === 2,
        'without the guard most are reached': seen.unguarded >= 100,
      },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
