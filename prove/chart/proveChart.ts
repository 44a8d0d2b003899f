// `npm run prove:chart -- --helm <program> [--validate <kubernetes-validate>]`: the Helm chart, rendered for several clusters, holds every part with
// settings that it starts with and secrets of its own alone, and is what Kubernetes takes.
import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseAllDocuments, stringify } from 'yaml';
import { clusterParts, parts, settingNames, type Part } from '../../parts.ts';

const { values: flags } = parseArgs({
  options: { helm: { type: 'string', default: 'helm' }, validate: { type: 'string' } },
});
const chart = fileURLToPath(new URL('../../deploy/helm/tributary', import.meta.url));
const pem = (kind: 'public' | 'private'): string => {
  const pair = generateKeyPairSync('ed25519', {
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
  return kind === 'public' ? pair.publicKey : pair.privateKey;
};
const jwtPublicKey = pem('public');
/** What the Secret holds. */
const secrets: Readonly<Record<string, string>> = {
  DATABASE_URL: 'postgres://app:x@db/tributary',
  WORKER_DATABASE_URL: 'postgres://worker:x@db/tributary',
  DATABASE_ADMIN_URL: 'postgres://postgres:x@db/tributary',
  DATABASE_MIGRATOR_PASSWORD: randomBytes(24).toString('hex'),
  DATABASE_APP_PASSWORD: randomBytes(24).toString('hex'),
  DATABASE_WORKER_PASSWORD: randomBytes(24).toString('hex'),
  GATEWAY_SECRET: randomBytes(32).toString('hex'),
  JWT_PRIVATE_KEY: pem('private'),
  AUDIT_SIGNING_KEY: pem('private'),
  ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('hex')}`,
};

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template?: { readonly spec: { readonly containers: readonly Container[] } };
    readonly [field: string]: unknown;
  };
}
interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly env: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef: { readonly key: string; readonly optional?: boolean } };
  }[];
}

/** Clusters that somebody may have, as values. */
const clusters: Readonly<Record<string, object>> = {
  'as it comes': { jwtPublicKey },
  'with everything': {
    jwtPublicKey,
    parts: {
      gateway: { autoscaling: { enabled: true, minReplicas: 3, maxReplicas: 9, cpuPercent: 60, sockets: 5_000 } },
      worker: { replicas: 3 },
    },
    ingress: { enabled: true, className: 'nginx', tlsSecret: 'tls' },
    serviceMonitor: { enabled: true },
    networkPolicy: { gatewayFrom: [{ podSelector: { matchLabels: { role: 'ingress' } } }], dialOut: ['worker'] },
    imagePullSecrets: [{ name: 'pull' }],
  },
  'uploads in a bucket, keys of an issuer': {
    uploads: { enabled: false },
    settings: { S3_BUCKET: 'uploads', JWT_JWKS_URL: 'https://issuer.example/keys', DATABASE_POOLER: 'transaction' },
  },
};
/** Values that must be refused, and what has to be said. */
const refused: Readonly<Record<string, { readonly values: object; readonly says: string }>> = {
  'a setting that nothing reads': {
    values: { jwtPublicKey, settings: { LOG_VOLUME: 'info' } },
    says: 'read by no part',
  },
  'a secret among the settings': { values: { jwtPublicKey, settings: { GATEWAY_SECRET: 'x' } }, says: 'is a secret' },
  'a part that there is not': { values: { jwtPublicKey, parts: { door: {} } }, says: 'is no part' },
  'no key to check tokens with': { values: {}, says: 'jwtPublicKey is missing' },
  'no place for uploads': { values: { jwtPublicKey, uploads: { enabled: false } }, says: 'uploads need a place' },
};

const folder = mkdtempSync(join(tmpdir(), 'tributary-chart-'));
const faults: string[] = [];
try {
  for (const [name, values] of Object.entries(clusters)) {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, stringify(values));
    run(flags.helm, ['lint', '--strict', chart, '--values', file]);
    const text = run(flags.helm, ['template', 'tributary', chart, '--kube-version', '1.33.0', '--values', file]);
    const manifests = parseAllDocuments(text).flatMap((document) => {
      const manifest = document.toJS() as Manifest | null;
      return manifest ? [manifest] : [];
    });
    judge(name, manifests);
    if (flags.validate) validate(name, text);
    const kinds = Map.groupBy(manifests, ({ kind }) => kind);
    console.log(`${name}: ${[...kinds].map(([kind, some]) => `${some.length} ${kind}`).join(', ')}`);
  }
  for (const [name, { values, says }] of Object.entries(refused)) {
    const file = join(folder, 'values.yaml');
    writeFileSync(file, stringify(values));
    let said = '';
    try {
      run(flags.helm, ['template', 'tributary', chart, '--kube-version', '1.33.0', '--values', file]);
    } catch (error) {
      said = String((error as { stderr?: Buffer }).stderr);
    }
    if (!said.includes(says)) faults.push(`${name} is not refused with "${says}": ${said || 'it was rendered'}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
for (const fault of faults) console.error(fault);
console.log(
  `Clusters: ${Object.keys(clusters).length}, refusals: ${Object.keys(refused).length}, faults: ${faults.length}`,
);
process.exitCode = faults.length === 0 ? 0 : 1;

function judge(cluster: string, manifests: readonly Manifest[]): void {
  const migrate = parts.find(({ name }) => name === 'migrate')!;
  const containers = manifests.flatMap(({ spec }) => spec.template?.spec.containers ?? []);
  for (const part of [...clusterParts, migrate]) {
    const found = containers.filter(({ name }) => name === part.name);
    if (found.length === 1) judgeContainer(cluster, part, found[0]!);
    else faults.push(`${cluster}: ${part.name} runs ${found.length} times`);
    if (!manifests.some(({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === `tributary-${part.name}`))
      faults.push(`${cluster}: nothing says who may reach ${part.name}`);
  }
}

function judgeContainer(cluster: string, part: Part, { command, env }: Container): void {
  if (command.join(' ') !== ['node', ...part.nodeFlags, part.entry].join(' '))
    faults.push(`${cluster}: ${part.name} runs ${command.join(' ')}`);
  const known = settingNames(part);
  for (const { name } of env) if (!known.includes(name)) faults.push(`${cluster}: ${part.name} is told ${name}`);
  const told = Object.fromEntries(
    env.flatMap(({ name, value, valueFrom }) => {
      const held = valueFrom ? secrets[valueFrom.secretKeyRef.key] : value;
      if (valueFrom && held === undefined && !valueFrom.secretKeyRef.optional)
        faults.push(`${cluster}: ${part.name} demands ${name}, which the Secret need not have`);
      return held === undefined ? [] : [[name, held]];
    }),
  );
  try {
    part.read(told);
  } catch (error) {
    faults.push(`${cluster}: ${part.name} would not start: ${(error as Error).message}`);
  }
}

function validate(cluster: string, text: string): void {
  const file = join(folder, 'rendered.yaml');
  // A ServiceMonitor is no kind of Kubernetes itself.
  const own = text.split(/^---$/m).filter((each) => !each.includes('kind: ServiceMonitor'));
  writeFileSync(file, own.join('---'));
  try {
    run(flags.validate!, ['--strict', '--quiet', file]);
  } catch (error) {
    const { stdout, stderr } = error as { stdout?: Buffer; stderr?: Buffer };
    faults.push(`${cluster}: ${stdout?.toString() ?? ''}${stderr?.toString() ?? ''}`);
  }
}

function run(program: string, args: readonly string[]): string {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
