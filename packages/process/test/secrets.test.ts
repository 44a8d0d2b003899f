import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { AwsSecrets } from '@tributary/process/aws';
import { resolveSecrets, settingsWithSecrets } from '@tributary/process';

/** Vault and AWS Secrets Manager, which are outside of our walls. */
const canary = 'Zc4n4ry';
const asked: string[] = [];
let server: ReturnType<typeof createServer>;
let address: string;
let folder: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => answer(request, Buffer.concat(chunks).toString(), response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'tributary-secrets-'));
  writeFileSync(join(folder, 'jwt'), 'pod-token\n');
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});
beforeEach(() => void asked.splice(0));

function answer(request: IncomingMessage, body: string, response: ServerResponse): void {
  const say = (status: number, value: unknown) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(value));
  };
  asked.push(`${request.method} ${request.url}`);
  const target = request.headers['x-amz-target'];
  if (target === 'secretsmanager.GetSecretValue') {
    const { SecretId } = JSON.parse(body) as { SecretId: string };
    if (SecretId === 'app/all') return say(200, { SecretString: JSON.stringify({ url: `${canary}-url`, port: 5432 }) });
    if (SecretId === 'app/plain') return say(200, { SecretString: `${canary}-plain` });
    return say(400, { __type: 'ResourceNotFoundException', message: 'none' });
  }
  if (request.url === '/v1/auth/kubernetes/login') {
    const { role, jwt } = JSON.parse(body) as { role: string; jwt: string };
    return role === 'tributary' && jwt === 'pod-token' ? say(200, { auth: { client_token: 'vt' } }) : say(403, {});
  }
  if (request.headers['x-vault-token'] !== 'vt') return say(403, { errors: [canary] });
  if (request.url === '/v1/secret/data/team/app')
    return say(200, { data: { data: { gateway: `${canary}-gateway`, jwt: `${canary}-jwt` } } });
  return say(404, { errors: [] });
}

const vault = (extra: NodeJS.ProcessEnv = {}) => ({ VAULT_ADDR: address, VAULT_TOKEN: 'vt', ...extra });
const failure = async (env: NodeJS.ProcessEnv): Promise<string> =>
  settingsWithSecrets(env).then(
    () => 'started',
    (error: Error) => `${error.name} ${error.message}`,
  );

describe('a setting that says where its secret is kept', () => {
  test('is read from Vault, each secret once, and everything else stays as it is', async () => {
    const env = vault({
      GATEWAY_SECRET: 'vault:secret/team/app#gateway',
      JWT_PRIVATE_KEY: 'vault:secret/team/app#jwt',
      DATABASE_URL: 'postgres://app:x@db/y#z',
      LOG_LEVEL: 'vault:secret/team/app#jwt',
    });
    expect(await settingsWithSecrets(env)).toEqual({
      ...env,
      GATEWAY_SECRET: `${canary}-gateway`,
      JWT_PRIVATE_KEY: `${canary}-jwt`,
    });
    expect(asked).toEqual(['GET /v1/secret/data/team/app']);
  });

  test('is read from Vault with the role of a pod', async () => {
    const env = {
      VAULT_ADDR: address,
      VAULT_ROLE: 'tributary',
      VAULT_KUBERNETES_TOKEN_FILE: join(folder, 'jwt'),
      GATEWAY_SECRET: 'vault:secret/team/app#gateway',
    };
    expect((await settingsWithSecrets(env))['GATEWAY_SECRET']).toBe(`${canary}-gateway`);
    expect(asked).toEqual(['POST /v1/auth/kubernetes/login', 'GET /v1/secret/data/team/app']);
  });

  test.each([
    ['a wrong token', { VAULT_TOKEN: 'other' }, 'vault:secret/team/app#gateway', 'check the token and the policy'],
    ['a path that is not there', {}, 'vault:secret/team/none#gateway', 'check mount and path'],
    ['a field that is not there', {}, 'vault:secret/team/app#other', 'there is no field other in it'],
    ['no field', {}, 'vault:secret/team/app', 'name a field of it'],
    ['no path', {}, 'vault:secret#gateway', 'vault:<mount>/<path>#<field>'],
    ['no address', { VAULT_ADDR: '' }, 'vault:secret/team/app#gateway', 'VAULT_ADDR is missing'],
    ['no way to sign in', { VAULT_TOKEN: '' }, 'vault:secret/team/app#gateway', 'VAULT_TOKEN is missing'],
    [
      'nobody at the address',
      { VAULT_ADDR: 'http://127.0.0.1:1' },
      'vault:secret/team/app#gateway',
      'Vault does not answer',
    ],
  ])('is named at start with %s, and no value is told', async (_, extra, reference, reason) => {
    const message = await failure(vault({ ...extra, GATEWAY_SECRET: reference }));
    expect(message).toMatch(/^ConfigError /);
    expect(message).toContain('GATEWAY_SECRET: ');
    expect(message).toContain(reason);
    expect(message).not.toContain(canary);
  });

  test('all that are missing are named at once', async () => {
    const message = await failure(vault({ GATEWAY_SECRET: 'vault:secret/x/a#b', REDIS_URL: 'vault:secret/x/c#d' }));
    expect(message.match(/GATEWAY_SECRET|REDIS_URL/g)).toEqual(['GATEWAY_SECRET', 'REDIS_URL']);
  });
});

describe('AWS Secrets Manager', () => {
  const names = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_ENDPOINT_URL_SECRETS_MANAGER'];
  const before = new Map(names.map((name) => [name, process.env[name]]));
  beforeAll(() => {
    // The SDK reads its own settings from the process.
    Object.assign(process.env, {
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: address,
    });
  });
  afterAll(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  const resolve = (env: NodeJS.ProcessEnv) => resolveSecrets(env, { aws: () => new AwsSecrets() });

  test('gives fields of a JSON secret, and a plain one whole', async () => {
    expect(await resolve({ DATABASE_URL: 'aws:app/all#url', JWT_PRIVATE_KEY: 'aws:app/plain' })).toEqual({
      DATABASE_URL: `${canary}-url`,
      JWT_PRIVATE_KEY: `${canary}-plain`,
    });
  });

  test('a secret that it does not have is named', async () => {
    await expect(resolve({ DATABASE_URL: 'aws:app/none#url' })).rejects.toMatchObject({
      name: 'ConfigError',
      message: expect.stringContaining('DATABASE_URL: AWS Secrets Manager has no such secret'),
    });
  });
});
