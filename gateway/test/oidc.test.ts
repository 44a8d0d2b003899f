import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { verifiedSignInCommand } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { oidcRoutes } from '../src/index.js';
import { readOidcConfig } from '../src/protocols/routes/oidc/config.js';
import { startLocalIssuer, type LocalIssuer } from './support/localIssuer.js';
import { startTestGateway, type TestGateway } from './support/testGateway.js';

const client = { id: 'tributary', secret: 'a-secret' };
const publicUrl = 'https://graph.example';
const ada = { email: 'ada@acme.example', email_verified: true };
let issuer: LocalIssuer;
let gateway: TestGateway;
let asked: string[];

beforeAll(async () => {
  issuer = await startLocalIssuer(client);
  const commands = new LocalCommandClient(
    new CommandRegistry().register(verifiedSignInCommand, async ({ email }) => {
      asked.push(email);
      if (email !== ada.email) throw new CodedError('INVALID_CREDENTIALS', 'Nobody of this name.');
      return {
        accessToken: 'token-1',
        expiresInSeconds: 1800,
        refreshToken: 'refresh-1',
        refreshExpiresInSeconds: 60,
        workspaceId: 'ws_01900000-0000-7000-8000-000000000001',
        workspaces: [],
      };
    }),
  );
  gateway = await startTestGateway({
    routes: oidcRoutes({
      commands,
      issuer: issuer.url,
      clientId: client.id,
      clientSecret: client.secret,
      publicUrl,
      secureCookies: true,
      corsOrigins: ['https://console.example'],
    }),
  });
});
afterAll(async () => {
  await gateway.gateway.close();
  await issuer[Symbol.asyncDispose]();
});
beforeEach(() => {
  asked = [];
  issuer.claims = ada;
  issuer.spoil = {};
});

const get = (path: string, cookie = '') =>
  fetch(new URL(path, gateway.url), { redirect: 'manual', headers: cookie ? { cookie } : {} });
const start = async (query = '') => {
  const response = await get(`/auth/oidc/start${query}`);
  return {
    response,
    location: response.headers.get('location') ?? '',
    cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '',
  };
};
/** What the browser is sent back to, as a path of this gateway. */
const atIssuer = async (location: string): Promise<string> => {
  const back = new URL((await fetch(location, { redirect: 'manual' })).headers.get('location')!);
  return back.pathname + back.search;
};
const signIn = async (query = '') => {
  const { location, cookie } = await start(query);
  return get(await atIssuer(location), cookie);
};
const codeOf = async (response: Response) =>
  ((await response.json()) as { errors: { extensions: { code: string } }[] }).errors[0]!.extensions.code;

describe('signing in at an issuer', () => {
  test('sends the browser there with a challenge, state and nonce, and keeps their other half in a cookie', async () => {
    const { response, location } = await start();
    expect(response.status).toBe(303);
    const sent = new URL(location).searchParams;
    expect(Object.fromEntries(sent)).toMatchObject({
      client_id: client.id,
      response_type: 'code',
      code_challenge_method: 'S256',
      redirect_uri: `${publicUrl}/auth/oidc/callback`,
    });
    expect(sent.get('state')!.length).toBeGreaterThan(20);
    expect(sent.get('nonce')!.length).toBeGreaterThan(20);
    expect(response.headers.getSetCookie()[0]).toMatch(
      /^tributary_oidc=[^;]+; Path=\/auth\/oidc; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
    );
  });

  test('opens a session of the account with the verified e-mail', async () => {
    const response = await signIn();
    expect([response.status, response.headers.get('location')]).toEqual([303, `${publicUrl}/graphql`]);
    expect(response.headers.getSetCookie()).toEqual([
      expect.stringMatching(/^tributary_oidc=; .*Max-Age=0/),
      expect.stringMatching(/^tributary_refresh=refresh-1; Path=\/auth; HttpOnly; SameSite=Strict/),
    ]);
    expect(asked).toEqual([ada.email]);
  });

  test.each<[string, LocalIssuer['claims'], LocalIssuer['spoil']]>([
    ['an e-mail that nobody verified', { ...ada, email_verified: false }, {}],
    ['a word instead of a verification', { ...ada, email_verified: 'true' }, {}],
    ['no e-mail', {}, {}],
    ['an unknown account', { email: 'eve@acme.example', email_verified: true }, {}],
    ['another nonce', ada, { claims: { nonce: 'other' } }],
    ['another audience', ada, { claims: { aud: 'other' } }],
    ['another issuer', ada, { claims: { iss: 'https://other.example' } }],
    ['an ID token that has expired', ada, { claims: { exp: 1 } }],
    ['alg none', ada, { header: { alg: 'none' } }],
    ['HS256', ada, { header: { alg: 'HS256' } }],
  ])('refuses %s', async (_title, claims, spoil) => {
    issuer.claims = claims;
    issuer.spoil = spoil;
    const response = await signIn();
    expect([response.status, await codeOf(response)]).toEqual([401, 'INVALID_CREDENTIALS']);
    expect(response.headers.getSetCookie().join()).not.toContain('tributary_refresh');
  });

  test('a way back works once, in the browser where it began, and with its own state', async () => {
    const { location, cookie } = await start();
    const back = await atIssuer(location);
    expect((await get(back)).status).toBe(401);
    const other = await start();
    expect((await get(back, other.cookie)).status).toBe(401);
    expect((await get(back.replace(/state=[^&]+/, 'state=forged'), cookie)).status).toBe(401);
    expect((await get(back, cookie)).status).toBe(303);
    expect((await get(back, cookie)).status).toBe(401);
    expect((await get('/auth/oidc/callback?error=access_denied&state=x', cookie)).status).toBe(401);
  });

  test('goes on to pages of this site and of configured ones, and to no other', async () => {
    expect((await signIn('?return=/console?tab=1')).headers.get('location')).toBe(`${publicUrl}/console?tab=1`);
    expect((await signIn('?return=https://console.example/x')).headers.get('location')).toBe(
      'https://console.example/x',
    );
    for (const elsewhere of ['https://evil.example', '//evil.example', 'javascript:alert(1)', 'http://graph.example'])
      expect((await start(`?return=${encodeURIComponent(elsewhere)}`)).response.status).toBe(400);
  });
});

describe('its settings', () => {
  test('are off without an issuer, and need to say what the issuer is for', () => {
    expect(readOidcConfig({})).toBeNull();
    expect(() => readOidcConfig({ OIDC_ISSUER: 'https://id.example' })).toThrow(/OIDC_AUDIENCE/);
    expect(() => readOidcConfig({ OIDC_ISSUER: 'http://id.example', OIDC_AUDIENCE: 'x' })).toThrow(/https/);
    expect(readOidcConfig({ OIDC_ISSUER: 'https://id.example', OIDC_AUDIENCE: 'x' })).toMatchObject({
      bearer: { audience: 'x', headerType: 'at+jwt' },
      signIn: null,
    });
  });
});
