import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { subgraphNames } from '@tributary/contracts/subgraphs';
import { parse } from 'yaml';
import { clusterParts, parts, settingNames, settingsFor, type Part } from '../../parts.js';
import { clusterEnvironment } from '../../scripts/clusterEnvironment.js';

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const compose = parse(read('docker-compose.yml'), { merge: true }) as { services: Record<string, Service> };
/** Services that run our image: each is a part. */
const ours = Object.entries(compose.services).filter(([, { build }]) => build !== undefined);
const partOf = (service: string): Part => parts.find(({ name }) => name === service) ?? never(service);

function never(service: string): never {
  throw new Error(`docker-compose.yml has a service ${service} that parts.ts does not know.`);
}

/** A filled-in `.env`, as .env.example says how to. */
const filledIn = new Map(
  [...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [
    name!,
    value || sample(name!),
  ]),
);

function sample(name: string): string {
  const key = () =>
    generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
  if (name === 'JWT_PUBLIC_KEY') return key().publicKey.replaceAll('\n', '\\n');
  if (/_KEY$/.test(name)) return key().privateKey.replaceAll('\n', '\\n');
  return name === 'ENCRYPTION_KEYS' ? `k1:${randomBytes(32).toString('hex')}` : randomBytes(32).toString('hex');
}

/** What compose makes of `${NAME:?…}` and `${NAME:-default}`. */
function resolved(environment: Readonly<Record<string, string>>): Record<string, string> {
  const value = (text: string) =>
    text.replace(/\$\{(\w+):([-?])([^}]*)\}/g, (_, name: string, kind: string, rest: string) => {
      const given = filledIn.get(name);
      if (kind === '?' && !given) throw new Error(`.env.example does not name ${name}.`);
      return given ?? (kind === '-' ? rest : '');
    });
  return Object.fromEntries(Object.entries(environment).map(([name, text]) => [name, value(String(text))]));
}

const secretNames = new Set(
  parts.flatMap(({ groups }) =>
    groups.flatMap(({ settings }) =>
      Object.entries(settings.shape).flatMap(([name, schema]) => (schema.meta()?.['secret'] ? [name] : [])),
    ),
  ),
);

describe('the register of processes', () => {
  test('names a file of the sources for each, and each name once', () => {
    const sources = parts.map(({ entry }) =>
      entry.startsWith('migrations/') ? entry.replace('dist/', '') : entry.replace('/dist/', '/src/'),
    );
    expect(sources.filter((file) => !existsSync(join(root, file.replace(/\.js$/, '.ts'))))).toEqual([]);
    expect(new Set(parts.map(({ name }) => name)).size).toBe(parts.length);
  });

  test('knows every setting that any process reads', () => {
    const known = new Set(parts.flatMap(settingNames));
    const schemas = globSync(
      [
        '{packages,subgraphs}/*/src/**/config.ts',
        '{gateway,embedded,operate,worker}/src/**/{config,environment}.ts',
        'migrations/config.ts',
      ],
      { cwd: root },
    );
    const written = schemas.flatMap((file) =>
      [...read(file).matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map((match) => match[1]!),
    );
    expect(written.length).toBeGreaterThan(80);
    expect(written.filter((name) => !known.has(name))).toEqual([]);
  });

  test('says of every setting what it means', () => {
    const silent = parts.flatMap(({ groups }) =>
      groups.flatMap(({ settings }) =>
        Object.entries(settings.shape).flatMap(([name, schema]) => (schema.meta()?.description ? [] : [name])),
      ),
    );
    expect(silent).toEqual([]);
  });

  test('tells a process its own settings, and no secret of another', () => {
    const everything = Object.fromEntries(parts.flatMap(settingNames).map((name) => [name, 'x']));
    const told = ['gateway', 'edge'].flatMap((name) => Object.keys(settingsFor(partOf(name), everything)));
    expect(told).toContain('GATEWAY_SECRET');
    expect(told.filter((name) => /DATABASE|ENCRYPTION_KEYS|PRIVATE_KEY|AUDIT/.test(name))).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  test('has a service for every part of a cluster, and for the migration before them', () => {
    const running = ours.map(([name]) => name);
    expect(running).toEqual(expect.arrayContaining([...clusterParts.map(({ name }) => name), 'edge', 'migrate']));
  });

  test.each(ours)('%s starts its part with settings that it can start with', (service, { command, environment }) => {
    const part = partOf(service);
    expect(command).toEqual(['node', ...part.nodeFlags, part.entry]);
    expect(environment).toMatchObject(part.told ?? {});
    expect(() => part.read(resolved(environment!))).not.toThrow();
  });

  test.each(ours)('%s is told nothing that it does not read', (service, { environment }) => {
    const known = settingNames(partOf(service));
    expect(Object.keys(environment!).filter((name) => !known.includes(name))).toEqual([]);
  });

  test('asks .env for what .env.example names, and for every secret', () => {
    const text = read('docker-compose.yml');
    const asked = new Set([...text.matchAll(/\$\{([A-Z][A-Z0-9_]*):/g)].map((match) => match[1]!));
    const demanded = [...text.matchAll(/\$\{([A-Z][A-Z0-9_]*):\?/g)].map((match) => match[1]!);
    expect([...filledIn.keys()].filter((name) => !asked.has(name))).toEqual([]);
    expect(demanded.filter((name) => !filledIn.has(name))).toEqual([]);
    for (const [, { environment }] of ours)
      for (const [name, value] of Object.entries(environment!))
        if (secretNames.has(name)) expect({ name, value }).toMatchObject({ value: expect.stringContaining('${') });
  });
});

describe('gateway/apollo-router/router.yaml', () => {
  test('knows where each subgraph is', () => {
    const { override_subgraph_url: urls } = parse(read('gateway/apollo-router/router.yaml')) as {
      override_subgraph_url: Record<string, string>;
    };
    const settingOf = (name: string) => `SUBGRAPH_${name.toUpperCase()}_URL`;
    expect(urls).toEqual(
      Object.fromEntries(
        subgraphNames.map((name) => [name, `\${env.${settingOf(name)}:-http://${name}:4000}/graphql`]),
      ),
    );
  });
});

describe('Dockerfile', () => {
  test('brings every workspace, or its package.json where only npm ci asks for it', () => {
    const { workspaces } = JSON.parse(read('package.json')) as { workspaces: string[] };
    const folders = workspaces.map((pattern) => pattern.replace('/*', ''));
    const copied = [...read('Dockerfile').matchAll(/^COPY (\S+) /gm)].map((match) =>
      match[1]!.replace('/package.json', ''),
    );
    expect(folders.filter((folder) => !copied.includes(folder))).toEqual([]);
  });
});

describe('npm run cluster', () => {
  const person = { PORT: '4711', MAX_COST: '5', DATABASE_URL: 'postgres://superuser', HOME: '/home/person' };
  const values = { DATABASE_URL: 'postgres://app', AUDIT_SIGNING_KEY: 'signs' };
  const environmentOf = (name: string, port: number) =>
    clusterEnvironment(
      clusterParts.find((part) => part.name === name)!,
      values,
      person,
      port,
    );

  test('keeps a person’s PORT from every process but the gateway that it was meant for', () => {
    expect(environmentOf('worker', 0)).toMatchObject({ PORT: '0', DATABASE_URL: 'postgres://app' });
    expect(environmentOf('gateway', 4711)).toMatchObject({ PORT: '4711', MAX_COST: '5' });
  });

  test('gives each process its own settings and what is no setting, and no secret of another', () => {
    expect(environmentOf('asset', 0)).toEqual({ HOME: '/home/person', DATABASE_URL: 'postgres://app', PORT: '0' });
    expect(environmentOf('worker', 0)).toHaveProperty('AUDIT_SIGNING_KEY');
    expect(environmentOf('gateway', 0)).not.toHaveProperty('DATABASE_URL');
  });
});
