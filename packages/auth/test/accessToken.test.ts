import { createHmac, createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import {
  createAccessTokenIssuer,
  createAccessTokenVerifier,
  generateSigningKey,
  publicKeyPemOf,
  type AccessTokenIssuer,
  type AccessTokenVerifier,
} from '@tributary/auth';
import { calculateJwkThumbprint, SignJWT } from 'jose';

const subject = {
  userId: '01900000-0000-7000-8000-00000000000a',
  workspaceId: '01900000-0000-7000-8000-00000000000b',
  role: 'ADMIN',
  sessionId: '01900000-0000-7000-8000-00000000000c',
} as const;
const names = { issuer: 'https://tributary.example', audience: 'tributary' };
const pair = generateSigningKey();
let issuer: AccessTokenIssuer;
let verifier: AccessTokenVerifier;

beforeAll(() => {
  issuer = createAccessTokenIssuer({ ...names, privateKeyPem: pair.privateKeyPem });
  verifier = createAccessTokenVerifier({ ...names, publicKeysPem: [pair.publicKeyPem] });
});

const good = { workspace_id: subject.workspaceId, role: 'ADMIN', typ: 'access', sid: subject.sessionId };

/** A token that is right in every way but those given. `undefined` takes a claim or header away. */
async function token(
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  key = pair.privateKeyPem,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    ...good,
    iss: names.issuer,
    aud: names.audience,
    sub: subject.userId,
    jti: 'j',
    iat: now,
    exp: now + 60,
    ...claims,
  };
  const protectedHeader = { alg: 'EdDSA', typ: 'at+jwt', kid: issuer.jwks.keys[0]!.kid, ...header };
  return new SignJWT(payload)
    .setProtectedHeader(JSON.parse(JSON.stringify(protectedHeader)))
    .sign(createPrivateKey(key));
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: { code: string }) => error.code,
  );
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('access tokens', () => {
  test('say who, where and as what, for 30 minutes', async () => {
    const { accessToken, expiresInSeconds } = await issuer.issue(subject);
    const result = await verifier.verify(accessToken);
    expect(expiresInSeconds).toBe(1800);
    expect(result.principal).toEqual({
      workspaceId: subject.workspaceId,
      actor: { kind: 'user', id: subject.userId },
      role: 'ADMIN',
      scopes: null,
    });
    expect(result.sessionId).toBe(subject.sessionId);
    expect(result.expiresAt.getTime() - result.issuedAt.getTime()).toBeGreaterThan(1_798_999);
  });

  test('keep their moment to the millisecond, so that a change of role in the same second counts', async () => {
    const issuedAt = new Date(Math.floor(Date.now() / 1000) * 1000 - 1000 + 123);
    expect((await verifier.verify((await issuer.issue(subject, issuedAt)).accessToken)).issuedAt).toEqual(issuedAt);
  });

  test('the handmade token of these tests is accepted when nothing is wrong with it', async () => {
    expect(await codeOf(verifier.verify(await token()))).toBe('accepted');
  });

  test('an expired one says so, and only when its signature holds', async () => {
    const past = Math.floor(Date.now() / 1000) - 3600;
    expect(await codeOf(verifier.verify(await token({ iat: past, exp: past + 60 })))).toBe('EXPIRED_TOKEN');
    const stranger = generateSigningKey();
    expect(await codeOf(verifier.verify(await token({ iat: past, exp: past + 60 }, {}, stranger.privateKeyPem)))).toBe(
      'INVALID_CREDENTIALS',
    );
  });

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['another issuer', { iss: 'https://evil.example' }, {}],
    ['another audience', { aud: 'other' }, {}],
    ['no subject', { sub: undefined }, {}],
    ['a subject that is no uuid', { sub: "x' or 1=1" }, {}],
    ['no workspace', { workspace_id: undefined }, {}],
    ['a workspace that is no uuid', { workspace_id: '*' }, {}],
    ['an unknown role', { role: 'ROOT' }, {}],
    ['role SYSTEM', { role: 'SYSTEM' }, {}],
    ['a role that is a list', { role: ['OWNER'] }, {}],
    ['no session', { sid: undefined }, {}],
    ['another kind of token', { typ: 'refresh' }, {}],
    ['no kind of token', { typ: undefined }, {}],
    ['no expiry', { exp: undefined }, {}],
    ['an expiry that is text', { exp: '9999999999' }, {}],
    ['no time of issue', { iat: undefined }, {}],
    [
      'a time of issue in the future',
      { iat: Math.floor(Date.now() / 1000) + 3600, exp: Math.floor(Date.now() / 1000) + 7200 },
      {},
    ],
    ['not valid yet', { nbf: Math.floor(Date.now() / 1000) + 3600 }, {}],
    ['no token id', { jti: undefined }, {}],
    ['a plain JWT header type', {}, { typ: 'JWT' }],
    ['no header type', {}, { typ: undefined }],
    ['an unknown kid', {}, { kid: 'other' }],
  ])('%s is refused', async (_title, claims, header) => {
    expect(await codeOf(verifier.verify(await token(claims, header)))).toBe('INVALID_CREDENTIALS');
  });

  test('no algorithm but the key’s own is taken', async () => {
    const [, payload] = (await token()).split('.');
    const kid = issuer.jwks.keys[0]!.kid;
    for (const secret of [pair.publicKeyPem, issuer.jwks.keys[0]!.x!, JSON.stringify(issuer.jwks), '']) {
      const signed = `${encode({ alg: 'HS256', typ: 'at+jwt', kid })}.${payload}`;
      const confused = `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
      expect(await codeOf(verifier.verify(confused))).toBe('INVALID_CREDENTIALS');
    }
    for (const alg of ['none', 'None', 'NONE', '']) {
      for (const signature of ['', 'AA']) {
        expect(await codeOf(verifier.verify(`${encode({ alg, typ: 'at+jwt', kid })}.${payload}.${signature}`))).toBe(
          'INVALID_CREDENTIALS',
        );
      }
    }
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
      .privateKey.export({ type: 'pkcs8', format: 'pem' })
      .toString();
    expect(await codeOf(verifier.verify(await token({}, { alg: 'RS256' }, rsa)))).toBe('INVALID_CREDENTIALS');
  });

  test('a key that the token brings along is not used', async () => {
    const stranger = generateSigningKey();
    const strangersIssuer = createAccessTokenIssuer({ ...names, privateKeyPem: stranger.privateKeyPem });
    const jwk = strangersIssuer.jwks.keys[0]!;
    for (const header of [
      { jwk },
      { jwk, kid: jwk.kid },
      { jku: 'https://evil.example/jwks' },
      { x5u: 'https://evil.example' },
    ]) {
      expect(await codeOf(verifier.verify(await token({}, header, stranger.privateKeyPem)))).toBe(
        'INVALID_CREDENTIALS',
      );
    }
  });

  test('any changed letter spoils it', async () => {
    const text = await token();
    for (let index = 0; index < text.length - 1; index += 7) {
      const changed = text.slice(0, index) + (text[index] === 'A' ? 'B' : 'A') + text.slice(index + 1);
      expect(await codeOf(verifier.verify(changed))).not.toBe('accepted');
    }
  });

  test('text that is no token at all is refused the same way', async () => {
    for (const text of [
      '',
      '.',
      '..',
      '...',
      'Bearer x',
      'null',
      '\u0000',
      'a.b.c',
      'x'.repeat(100_000),
      `${encode({ crit: ['x'], alg: 'EdDSA' })}..`,
    ]) {
      expect(await codeOf(verifier.verify(text))).toBe('INVALID_CREDENTIALS');
    }
  });

  test('two public keys are accepted during a rotation', async () => {
    const next = generateSigningKey();
    const nextIssuer = createAccessTokenIssuer({ ...names, privateKeyPem: next.privateKeyPem });
    const both = createAccessTokenVerifier({ ...names, publicKeysPem: [pair.publicKeyPem, next.publicKeyPem] });
    expect(await codeOf(both.verify((await issuer.issue(subject)).accessToken))).toBe('accepted');
    expect(await codeOf(both.verify((await nextIssuer.issue(subject)).accessToken))).toBe('accepted');
    expect(await codeOf(verifier.verify((await nextIssuer.issue(subject)).accessToken))).toBe('INVALID_CREDENTIALS');
  });

  test('a flood of unknown kids fetches the keys once, and keys that cannot be fetched are not the caller’s fault', async () => {
    const served = jest.fn();
    const server = createServer((_request, response) => {
      served();
      response.setHeader('content-type', 'application/json').end(JSON.stringify(issuer.jwks));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const remote = createAccessTokenVerifier({ ...names, jwksUrl: `http://127.0.0.1:${port}/jwks` });
      expect(await codeOf(remote.verify(await token()))).toBe('accepted');
      const codes = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => codeOf(remote.verify(await token({}, { kid: `k${index}` })))),
      );
      expect(new Set(codes)).toEqual(new Set(['INVALID_CREDENTIALS']));
      expect(served).toHaveBeenCalledTimes(1);
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    const unreachable = createAccessTokenVerifier({ ...names, jwksUrl: `http://127.0.0.1:${port}/jwks` });
    expect(await codeOf(unreachable.verify(await token()))).toBe('SERVICE_UNAVAILABLE');
  });

  test('the kid is the thumbprint of RFC 7638', async () => {
    const { kid, ...jwk } = issuer.jwks.keys[0]!;
    expect(kid).toBe(await calculateJwkThumbprint(jwk));
  });

  test('a key of another kind is refused at start', () => {
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const privateKeyPem = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    expect(() => createAccessTokenIssuer({ ...names, privateKeyPem })).toThrow(/Ed25519/);
    expect(() => createAccessTokenVerifier({ ...names, publicKeysPem: [publicKeyPemOf(privateKeyPem)] })).toThrow(
      /Ed25519/,
    );
    expect(() => createAccessTokenVerifier(names)).toThrow(/No key/);
  });
});
