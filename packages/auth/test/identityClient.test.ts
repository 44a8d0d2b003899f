import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  createAccessTokenIssuer,
  createAccessTokenVerifier,
  createApiKey,
  generateSigningKey,
  IdentityClient,
} from '@tributary/auth';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { resolveApiKeyCommand, revocationsCommand } from '@tributary/contracts/commands';
import type { Revocation } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { createLogger } from '@tributary/observability';

const names = { issuer: 'https://tributary.test', audience: 'tributary' };
const pair = generateSigningKey();
const issuer = createAccessTokenIssuer({ ...names, privateKeyPem: pair.privateKeyPem });
const verifier = createAccessTokenVerifier({ ...names, publicKeysPem: [pair.publicKeyPem] });
const workspaceId = '01900000-0000-7000-8000-00000000000b';
const subject = {
  workspaceId,
  userId: '01900000-0000-7000-8000-00000000000a',
  role: 'OPERATOR',
  sessionId: '01900000-0000-7000-8000-00000000000c',
} as const;
const keyUuid = '01900000-0000-7000-8000-00000000000d';
const key = createApiKey();

let revocations: Revocation[];
let suspendedIds: string[];
let isDown: boolean;
let expiresAt: string | null;
const resolved = jest.fn();
let client: IdentityClient;

beforeEach(() => {
  revocations = [];
  suspendedIds = [];
  isDown = false;
  expiresAt = null;
  resolved.mockClear();
  const down = () => Promise.reject(new CodedError('SERVICE_UNAVAILABLE', 'down'));
  const registry = new CommandRegistry()
    .register(revocationsCommand, ({ knownSuspended }) =>
      isDown
        ? down()
        : Promise.resolve({
            asOf: new Date().toISOString(),
            revocations,
            suspended: suspendedIds.join() === knownSuspended ? null : listOf(suspendedIds),
          }),
    )
    .register(resolveApiKeyCommand, ({ keyId, hash }) => {
      resolved(keyId);
      if (isDown) return down();
      if (keyId !== key.keyId || hash !== key.hash.toString('base64url'))
        return Promise.reject(new CodedError('INVALID_API_KEY', 'unknown'));
      return Promise.resolve({ workspaceId, id: keyUuid, role: 'VIEWER', scopes: ['flow.read'], expiresAt });
    });
  client = new IdentityClient({
    commands: new LocalCommandClient(registry),
    verifier,
    logger: createLogger({ name: 'test', level: 'silent' }),
    keyCacheMs: 50,
  });
});
afterEach(() => client.close());

const bearer = async (issuedAt?: Date) => ({
  authorization: `Bearer ${(await issuer.issue(subject, issuedAt)).accessToken}`,
});
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    (found) => (found ? 'known' : 'nobody'),
    (error: { code?: string }) => error.code ?? 'uncoded',
  );
const listOf = (workspaceIds: readonly string[]) => ({ digest: workspaceIds.join(), workspaceIds });
const at = () => new Date().toISOString();

describe('who is behind credentials', () => {
  test('a token tells the person and when to close what it opened', async () => {
    const identity = await client.authenticate(await bearer());
    expect(identity?.principal).toEqual({
      workspaceId,
      actor: { kind: 'user', id: subject.userId },
      role: 'OPERATOR',
      scopes: null,
      sessionId: subject.sessionId,
    });
    expect(identity!.expiresAt!.getTime() - Date.now()).toBeGreaterThan(1_790_000);
  });

  test('a token that was good a moment ago ends at its expiry', async () => {
    const ttlSeconds = 1;
    const brief = createAccessTokenIssuer({ ...names, privateKeyPem: pair.privateKeyPem, ttlSeconds });
    const { accessToken } = await brief.issue(subject);
    const credentials = { authorization: `Bearer ${accessToken}` };
    expect(await codeOf(client.authenticate(credentials))).toBe('known');
    jest.useFakeTimers({
      now: Date.now() + 10_000,
      doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'setInterval'],
    });
    try {
      expect(await codeOf(client.authenticate(credentials))).toBe('EXPIRED_TOKEN');
    } finally {
      jest.useRealTimers();
    }
  });

  test('a key tells its workspace and scopes, and is asked for once in a while only', async () => {
    for (let call = 0; call < 5; call++) {
      const identity = await client.authenticate({ apiKey: key.secret });
      expect(identity).toMatchObject({
        principal: { workspaceId, actor: { kind: 'apiKey', id: keyUuid }, role: 'VIEWER', scopes: ['flow.read'] },
        expiresAt: null,
      });
    }
    expect(resolved).toHaveBeenCalledTimes(1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await client.authenticate({ apiKey: key.secret });
    expect(resolved).toHaveBeenCalledTimes(2);
  });

  test('nobody is behind nothing, and both at once are refused', async () => {
    expect(await codeOf(client.authenticate({}))).toBe('nobody');
    expect(await codeOf(client.authenticate({ ...(await bearer()), apiKey: key.secret }))).toBe('INVALID_CREDENTIALS');
  });

  test.each(['', 'Bearer', 'Basic abc', 'Bearer a b', 'Bearer x.y.z'])(
    'authorization %j is refused',
    async (authorization) => {
      expect(await codeOf(client.authenticate({ authorization }))).toBe('INVALID_CREDENTIALS');
    },
  );

  test('a mistyped key is refused without asking anybody', async () => {
    expect(await codeOf(client.authenticate({ apiKey: `${key.secret.slice(0, -1)}!` }))).toBe('INVALID_API_KEY');
    expect(resolved).not.toHaveBeenCalled();
  });

  test('a refusal is not remembered', async () => {
    const stranger = createApiKey();
    expect(await codeOf(client.authenticate({ apiKey: stranger.secret }))).toBe('INVALID_API_KEY');
    expect(await codeOf(client.authenticate({ apiKey: stranger.secret }))).toBe('INVALID_API_KEY');
    expect(resolved).toHaveBeenCalledTimes(2);
  });

  test('a key ends at its expiry, remembered or not', async () => {
    expiresAt = new Date(Date.now() + 25).toISOString();
    expect(await codeOf(client.authenticate({ apiKey: key.secret }))).toBe('known');
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(await codeOf(client.authenticate({ apiKey: key.secret }))).toBe('INVALID_API_KEY');
  });
});

describe('what was revoked', () => {
  test('a session’s tokens are worth nothing after the next poll', async () => {
    const credentials = await bearer();
    expect(await codeOf(client.authenticate(credentials))).toBe('known');
    revocations = [{ kind: 'session', workspaceId, subject: subject.sessionId, at: at() }];
    await client.poll();
    expect(await codeOf(client.authenticate(credentials))).toBe('INVALID_CREDENTIALS');
  });

  test('a change of role outdates the tokens of before, and not those of after', async () => {
    const before = await bearer(new Date(Date.now() - 5));
    revocations = [{ kind: 'user', workspaceId, subject: subject.userId, at: at() }];
    await client.poll();
    expect(await codeOf(client.authenticate(before))).toBe('EXPIRED_TOKEN');
    expect(await codeOf(client.authenticate(await bearer(new Date(Date.now() + 2))))).toBe('known');
  });

  test('a key that is remembered is refused after the next poll', async () => {
    expect(await codeOf(client.authenticate({ apiKey: key.secret }))).toBe('known');
    revocations = [{ kind: 'apiKey', workspaceId, subject: keyUuid, at: at() }];
    await client.poll();
    expect(await codeOf(client.authenticate({ apiKey: key.secret }))).toBe('INVALID_API_KEY');
  });

  test('a suspended workspace shuts tokens, keys and what they opened, until it is active again', async () => {
    const credentials = await bearer();
    const person = await client.authenticate(credentials);
    const partner = await client.authenticate({ apiKey: key.secret });
    suspendedIds = [workspaceId];
    await client.poll();
    await client.poll();
    const shut = { code: 'INSUFFICIENT_PERMISSIONS', details: { reason: 'WORKSPACE_SUSPENDED' } };
    expect([person!.refusal(), partner!.refusal()]).toMatchObject([shut, shut]);
    await expect(client.authenticate(credentials)).rejects.toMatchObject(shut);
    await expect(client.authenticate({ apiKey: key.secret })).rejects.toMatchObject(shut);
    suspendedIds = [];
    await client.poll();
    expect([person!.refusal(), partner!.refusal()]).toEqual([null, null]);
    expect(await codeOf(client.authenticate(credentials))).toBe('known');
  });

  test('a key whose secret was rolled is looked up again, and what it opened before comes to its end', async () => {
    const before = await client.authenticate({ apiKey: key.secret });
    revocations = [{ kind: 'apiKeySecret', workspaceId, subject: keyUuid, at: at() }];
    await client.poll();
    expect(before!.refusal()).toMatchObject({ code: 'INVALID_API_KEY', details: { reason: 'KEY_ROLLED' } });
    const after = await client.authenticate({ apiKey: key.secret });
    await client.poll();
    expect(after!.refusal()).toBeNull();
    await client.authenticate({ apiKey: key.secret });
    expect(resolved).toHaveBeenCalledTimes(2);
  });

  test('a session ends with all its tokens, whichever workspace it began in', async () => {
    const elsewhere = '01900000-0000-7000-8000-0000000000ff';
    revocations = [{ kind: 'session', workspaceId: elsewhere, subject: subject.sessionId, at: at() }];
    await client.poll();
    expect(await codeOf(client.authenticate(await bearer()))).toBe('INVALID_CREDENTIALS');
  });

  test('a key that is sent as a token is told that it is a key', async () => {
    await expect(client.authenticate({ authorization: `Bearer ${key.secret}` })).rejects.toMatchObject({
      code: 'INVALID_CREDENTIALS',
      message: expect.stringContaining('x-api-key'),
    });
  });

  test('a role that changed in another workspace touches nobody here', async () => {
    const elsewhere = '01900000-0000-7000-8000-0000000000ff';
    revocations = [{ kind: 'user', workspaceId: elsewhere, subject: subject.userId, at: at() }];
    await client.poll();
    expect(await codeOf(client.authenticate(await bearer(new Date(Date.now() - 5))))).toBe('known');
  });

  test('a process that has never heard what was revoked trusts no token; one that has goes on', async () => {
    isDown = true;
    expect(await codeOf(client.authenticate(await bearer()))).toBe('SERVICE_UNAVAILABLE');
    isDown = false;
    expect(await codeOf(client.authenticate(await bearer()))).toBe('known');
    isDown = true;
    expect(await codeOf(client.authenticate(await bearer()))).toBe('known');
  });
});
