// `npm run prove:containers`: builds the product's image with podman, without a registry of images, and runs docker-compose.yml with it. Needs
// Debian's podman, podman-compose, debootstrap, crun, aardvark-dns and catatonit, and root. `--built` uses one that was built before.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { printTable } from '@tributary/kit/measure';
import { clusterParts } from '../../parts.ts';
import { buildImages } from './buildImages.ts';
import { ComposeProject, type RunningPart } from './ComposeProject.ts';
import { inOwnMounts, writeContainersConf } from './inOwnMounts.ts';
import { judgeConfinement } from './judgeConfinement.ts';
import { judgeImage } from './judgeImage.ts';
import { runProgram } from './runProgram.ts';
import { faultsOf, smoke } from '../smoke/smoke.ts';

const { values: flags } = parseArgs({ options: { built: { type: 'boolean', default: false } } });
inOwnMounts();
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tributary-containers-'));
process.env['CONTAINERS_CONF'] = writeContainersConf(folder);
const faults: string[] = [];
try {
  const commit = runProgram('git', ['rev-parse', 'HEAD'], { cwd: root });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const buildSeconds = flags.built ? null : buildImages({ root, folder, commit, version });
  const image = judgeImage(flags.built ? null : commit);
  faults.push(...image.faults);
  const project = new ComposeProject(root, folder, secrets());
  try {
    project.up(['postgres', 'redis', 'migrate', ...clusterParts.map(({ name }) => name)]);
    await project.untilDone('migrate');
    const parts = await Promise.all(clusterParts.map(({ name }) => project.untilReady(name)));
    for (const part of parts) faults.push(...judgeConfinement(project, part));
    const origin = `http://${project.addressOf(project.idOf('gateway'))}:4000`;
    const page = await fetch(`${origin}/console`);
    if (!page.ok) faults.push(`/console answered ${page.status}.`);
    const steps = await smoke({
      origin,
      admin: (args) => project.run(project.idOf('workspace'), ['node', 'operate/dist/adminMain.js', ...args]),
      sendsHere: false,
    });
    faults.push(...faultsOf(steps));
    tell(project, parts);
    console.log(
      `Image: ${Math.round(image.bytes / 1e6)} MB, ${image.packages} packages${buildSeconds === null ? '' : `, built in ${Math.round(buildSeconds)} s`}. Steps: ${steps.length}.`,
    );
  } finally {
    project.down();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.log(`Faults: ${faults.length}`);
process.exitCode = faults.length === 0 ? 0 : 1;

function secrets(): Record<string, string> {
  const password = () => randomBytes(24).toString('hex');
  const pair = () =>
    generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
  const signing = pair();
  return {
    DATABASE_ADMIN_PASSWORD: password(),
    DATABASE_MIGRATOR_PASSWORD: password(),
    DATABASE_APP_PASSWORD: password(),
    DATABASE_WORKER_PASSWORD: password(),
    GATEWAY_SECRET: randomBytes(32).toString('hex'),
    JWT_PRIVATE_KEY: signing.privateKey,
    JWT_PUBLIC_KEY: signing.publicKey,
    AUDIT_SIGNING_KEY: pair().privateKey,
    ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('hex')}`,
    JWT_ISSUER: 'tributary',
    JWT_AUDIENCE: 'tributary',
  };
}

function tell(project: ComposeProject, parts: readonly RunningPart[]): void {
  const services = [
    ...parts,
    ...['postgres', 'redis'].map((name) => ({ name, id: project.idOf(name), readySeconds: null })),
  ];
  const megabytes = services.map(({ id }) => project.memoryOf(id) / 1e6);
  printTable(
    services.map(({ name, readySeconds }, index) => ({
      part: name,
      'ready after s': readySeconds === null ? '' : readySeconds.toFixed(1),
      MB: Math.round(megabytes[index]!),
    })),
  );
  console.log(`Memory of all: ${Math.round(megabytes.reduce((sum, each) => sum + each, 0))} MB`);
}
