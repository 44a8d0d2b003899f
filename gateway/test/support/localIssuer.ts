import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An OpenID Connect issuer that asks nobody for a password: whoever comes is `claims`. */
export interface LocalIssuer extends AsyncDisposable {
  readonly url: string;
  /** What the next ID token says beside iss, aud, exp, iat and nonce. */
  claims: Record<string, unknown>;
  /** Claims or header that replace the right ones: what a broken or hostile issuer would send. */
  spoil: { claims?: Record<string, unknown>; header?: Record<string, unknown> };
}

interface Grant {
  readonly challenge: string | null;
  readonly nonce: string | null;
  readonly redirectUri: string | null;
}

export async function startLocalIssuer(client: { id: string; secret: string }): Promise<LocalIssuer> {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const issuer: LocalIssuer = {
    url,
    claims: {},
    spoil: {},
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const idToken = (nonce: string | null): string => {
    const now = Math.floor(Date.now() / 1000);
    const standard = { iss: url, aud: client.id, sub: 'somebody', iat: now, exp: now + 60, nonce };
    const header = { alg: 'RS256', kid: 'one', ...issuer.spoil.header };
    const signed = [header, { ...standard, ...issuer.claims, ...issuer.spoil.claims }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    return `${signed}.${sign('sha256', Buffer.from(signed), pair.privateKey).toString('base64url')}`;
  };
  const redeem = async (request: IncomingMessage): Promise<[number, object]> => {
    const form = new URLSearchParams(await text(request));
    const basic = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString();
    const isClient =
      basic === `${client.id}:${client.secret}` ||
      (form.get('client_id') === client.id && form.get('client_secret') === client.secret);
    if (!isClient) return [401, { error: 'invalid_client' }];
    const grant = grants.get(form.get('code') ?? '');
    grants.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!grant || grant.challenge !== challenge || grant.redirectUri !== form.get('redirect_uri'))
      return [400, { error: 'invalid_grant' }];
    return [200, { access_token: 'opaque', token_type: 'Bearer', expires_in: 60, id_token: idToken(grant.nonce) }];
  };
  const answer = async (request: IncomingMessage): Promise<[number, object, string?]> => {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    if (pathname === '/.well-known/openid-configuration') {
      return [
        200,
        {
          issuer: url,
          authorization_endpoint: `${url}/authorize`,
          token_endpoint: `${url}/token`,
          jwks_uri: `${url}/jwks`,
          response_types_supported: ['code'],
          code_challenge_methods_supported: ['S256'],
          id_token_signing_alg_values_supported: ['RS256'],
        },
      ];
    }
    if (pathname === '/jwks')
      return [200, { keys: [{ ...pair.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] }];
    if (pathname === '/token') return redeem(request);
    const code = createHash('sha256').update(searchParams.toString()).digest('base64url');
    grants.set(code, {
      challenge: searchParams.get('code_challenge'),
      nonce: searchParams.get('nonce'),
      redirectUri: searchParams.get('redirect_uri'),
    });
    const back = new URL(searchParams.get('redirect_uri')!);
    back.searchParams.set('code', code);
    back.searchParams.set('state', searchParams.get('state') ?? '');
    return [302, {}, back.href];
  };
  server.on('request', (request, response) => {
    void answer(request).then(([status, body, location]) => {
      if (location) response.setHeader('location', location);
      response.setHeader('content-type', 'application/json').writeHead(status).end(JSON.stringify(body));
    });
  });
  return issuer;
}
