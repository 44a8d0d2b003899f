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
import { runEndToEnd } from './runEndToEnd.ts';
import { runProgram } from './runProgram.ts';
import { faultsOf, smoke } from '../smoke/smoke.ts';

const { values: flags } = parseArgs({ options: { built: { type: 'boolean', default: false } } });
inOwnMounts();
const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'tributary-containers-'));
process.env['CONTAINERS_CONF'] = writeContainersConf(folder);
const mostSaid = 12_000;
const faults: string[] = [];
try {
  const commit = runProgram('git', ['rev-parse', 'HEAD'], { cwd: root });
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const buildSeconds = flags.built ? null : buildImages({ root, folder, commit, version });
  const image = judgeImage(flags.built ? null : commit);
  faults.push(...image.faults);
  const given = secrets();
  await withProject(given, async (project, origin, parts) => {
    for (const part of parts) faults.push(...judgeConfinement(project, part));
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
  });
  // It makes the same workspaces, and so wants a database of its own.
  await withProject(given, (project, origin) => {
    const { passed, said } = runEndToEnd(project, { root, folder, origin, privateKey: given['JWT_PRIVATE_KEY']! });
    if (!passed) faults.push(`The e2e suite failed against the containers:\n${said.slice(-mostSaid)}`);
    console.log(
      `The e2e suite against the containers: ${/^Tests: .*failed$/m.exec(said)?.[0] ?? 'did not come to an end'}`,
    );
  });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const fault of faults) console.error(fault);
console.log(`Faults: ${faults.length}`);
process.exitCode = faults.length === 0 ? 0 : 1;

/** Starts docker-compose.yml, with volumes of its own, and takes it away behind `work`. */
async function withProject(
  given: Readonly<Record<string, string>>,
  work: (project: ComposeProject, origin: string, parts: readonly RunningPart[]) => Promise<void> | void,
): Promise<void> {
  const project = new ComposeProject(root, mkdtempSync(join(folder, 'project-')), given);
  try {
    // A proof that was killed has left its volumes, whose database has other passwords.
    project.down();
    project.up(['postgres', 'redis', 'migrate', ...clusterParts.map(({ name }) => name)]);
    await project.untilDone('migrate');
    const parts = await Promise.all(clusterParts.map(({ name }) => project.untilReady(name)));
    await work(project, `http://${project.addressOf(project.idOf('gateway'))}:4000`, parts);
  } finally {
    project.down();
  }
}

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
    // As the cluster that the e2e suite knows.
    JWT_ISSUER: 'tributary-local',
    INTROSPECTION: 'true',
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
