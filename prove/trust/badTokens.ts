import { createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { craftToken, encode, type Json } from './craftToken.ts';

/** What somebody holds who has been let in once, and whatever else can be mistaken for a token. */
export interface Loot {
  /** Private keys of our issuer and of the one outside: some tokens are signed rightly and still say what may not be. */
  readonly ownKey: KeyObject;
  readonly outsideKey: KeyObject;
  readonly own: { readonly issuer: string; readonly audience: string; readonly kid: string };
  readonly outside: { readonly issuer: string; readonly audience: string; readonly kid: string };
  /** A good token of our issuer, and one of somebody in another workspace. */
  readonly good: string;
  readonly foreign: string;
  readonly userId: string;
  readonly workspaceId: string;
  readonly otherWorkspaceId: string;
  readonly refreshToken: string;
  readonly apiKey: string;
  readonly invitation: string;
  readonly signedContext: string;
  /** Where an attacker serves keys; nobody may come there. */
  readonly evilUrl: string;
}

export interface BadToken {
  readonly name: string;
  /** The whole value of Authorization. */
  readonly authorization: string;
}

/** Access tokens that nobody may be let in with: forged, expired, or meant for something else. */
export function badTokens(loot: Loot): BadToken[] {
  const found: BadToken[] = [];
  const add = (name: string, token: string): number => found.push({ name, authorization: `Bearer ${token}` });
  const now = Math.floor(Date.now() / 1000);
  const { ownKey, own, outsideKey, outside } = loot;
  const header = { alg: 'EdDSA', typ: 'at+jwt', kid: own.kid };
  const claims = {
    iss: own.issuer,
    aud: own.audience,
    sub: loot.userId,
    workspace_id: loot.workspaceId,
    role: 'OWNER',
    typ: 'access',
    sid: randomUUID(),
    jti: randomUUID(),
    iat: now,
    exp: now + 1800,
  };
  const withHeader = (changes: Json, key: Parameters<typeof craftToken>[2] = ownKey): string =>
    craftToken({ ...header, ...changes }, claims, key);
  const withClaims = (changes: Json): string => craftToken(header, { ...claims, ...changes }, ownKey);

  const publicKey = createPublicKey(ownKey);
  const pem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const jwk = publicKey.export({ format: 'jwk' });
  const stranger = generateKeyPairSync('ed25519');
  const strangerJwk = stranger.publicKey.export({ format: 'jwk' });
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const [goodHeader = '', goodPayload = '', goodSignature = ''] = loot.good.split('.');
  const [, foreignPayload = ''] = loot.foreign.split('.');

  for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
    add(`alg ${JSON.stringify(alg)} without a signature`, withHeader({ alg }, null));
    add(
      `alg ${JSON.stringify(alg)} with the signature of a good token`,
      `${encode({ ...header, alg })}.${goodPayload}.${goodSignature}`,
    );
  }
  const secrets = {
    PEM: pem,
    'PEM in one line': pem.replaceAll('\n', ''),
    JWK: JSON.stringify(jwk),
    'x of the JWK': jwk.x!,
    'raw key': Buffer.from(jwk.x!, 'base64url'),
    kid: own.kid,
    nothing: '',
    word: 'secret',
  };
  for (const [name, secret] of Object.entries(secrets))
    add(`HS256 with the ${name} as secret`, withHeader({ alg: 'HS256' }, { secret }));
  add('HS512 with the PEM as secret', withHeader({ alg: 'HS512' }, { secret: pem }));
  for (const alg of ['RS256', 'ES256', 'PS256', 'Ed25519', 'eddsa', 'EdDSA ', 'HS256'])
    add(`alg ${JSON.stringify(alg)} over our own signature`, withHeader({ alg }));
  add('no alg', craftToken({ typ: 'at+jwt', kid: own.kid }, claims, ownKey));
  for (const alg of [null, ['EdDSA'], { alg: 'EdDSA' }, 0, true])
    add(`alg ${JSON.stringify(alg)}`, withHeader({ alg }));
  add('RS256 of a stranger', withHeader({ alg: 'RS256' }, rsa.privateKey));
  add('ES256 of a stranger', withHeader({ alg: 'ES256' }, ec.privateKey));

  add('our kid, a stranger’s key', withHeader({}, stranger.privateKey));
  add('no kid, a stranger’s key', craftToken({ alg: 'EdDSA', typ: 'at+jwt' }, claims, stranger.privateKey));
  for (const kid of [
    'unknown',
    '../../../../dev/null',
    "' or '1'='1",
    '__proto__',
    'constructor',
    '',
    'x'.repeat(2000),
    loot.evilUrl,
    outside.kid,
  ])
    add(`kid ${JSON.stringify(kid.slice(0, 30))}`, withHeader({ kid }, stranger.privateKey));
  for (const kid of [0, null, [own.kid], { kid: own.kid }])
    add(`kid ${JSON.stringify(kid).slice(0, 12)}`, withHeader({ kid }, stranger.privateKey));
  add('kid of a file, HS256 with what is in it', withHeader({ alg: 'HS256', kid: '/dev/null' }, { secret: '' }));

  add('a key of its own in the header', withHeader({ jwk: strangerJwk }, stranger.privateKey));
  add(
    'a key of its own in the header, without kid',
    craftToken({ alg: 'EdDSA', typ: 'at+jwt', jwk: strangerJwk }, claims, stranger.privateKey),
  );
  for (const name of ['jku', 'x5u'])
    add(`${name} of its own`, withHeader({ [name]: loot.evilUrl }, stranger.privateKey));
  add('x5c of its own', withHeader({ x5c: ['AAAA'] }, stranger.privateKey));
  for (const crit of [['exp'], ['unknown'], [], 'exp', ['b64']])
    add(`crit ${JSON.stringify(crit)}`, withHeader({ crit }));
  add('b64 false', withHeader({ b64: false, crit: ['b64'] }));
  for (const typ of ['JWT', 'refresh+jwt', 'id+jwt', 'at+jwt2', '', null, ['at+jwt']])
    add(`header typ ${JSON.stringify(typ)}`, withHeader({ typ }));
  add('header without typ', craftToken({ alg: 'EdDSA', kid: own.kid }, claims, ownKey));
  add('header of an encrypted token', `${encode({ alg: 'dir', enc: 'A256GCM', kid: own.kid })}..AAAA.AAAA.AAAA`);

  for (const aud of [
    'other',
    'tributary2',
    'Tributary',
    '',
    ['other'],
    [],
    null,
    { aud: own.audience },
    'commands:workspace',
    'supergraph',
  ])
    add(`aud ${JSON.stringify(aud)}`, withClaims({ aud }));
  for (const iss of [
    'other',
    `${own.issuer}/`,
    own.issuer.toUpperCase(),
    '',
    [own.issuer],
    null,
    outside.issuer,
    '__proto__',
  ])
    add(`iss ${JSON.stringify(iss)}`, withClaims({ iss }));
  for (const typ of ['refresh', 'id', 'ACCESS', ['access'], null])
    add(`claim typ ${JSON.stringify(typ)}`, withClaims({ typ }));
  for (const name of Object.keys(claims)) add(`no ${name}`, withClaims({ [name]: undefined }));
  add('expired an hour ago', withClaims({ iat: now - 5400, exp: now - 3600 }));
  add('expired ten seconds ago', withClaims({ iat: now - 1810, exp: now - 10 }));
  for (const exp of [`${now + 60}`, -1, 0, null, true, [now + 60], now + 365 * 86_400, 1e30])
    add(`exp ${JSON.stringify(exp)}`, withClaims({ exp }));
  add('exp infinite', craftToken(header, JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e999'), ownKey));
  add(
    'two exp, the later one past',
    craftToken(header, JSON.stringify(claims).replace(/\}$/, `,"exp":${now - 3600}}`), ownKey),
  );
  add('nbf in an hour', withClaims({ nbf: now + 3600 }));
  add('nbf a word', withClaims({ nbf: 'now' }));
  add('iat in an hour', withClaims({ iat: now + 3600, exp: now + 5400 }));
  for (const sub of ['admin', '', 1, null, [loot.userId], `${loot.userId} `, loot.userId.toUpperCase(), "' or true --"])
    add(`sub ${JSON.stringify(sub).slice(0, 20)}`, withClaims({ sub }));
  for (const id of ['*', '', 0, null, [loot.workspaceId], `${loot.workspaceId}\u0000`, `ws_${loot.workspaceId}`])
    add(`workspace_id ${JSON.stringify(id).slice(0, 20)}`, withClaims({ workspace_id: id }));
  for (const role of ['SYSTEM', 'ROOT', 'owner', '', '__proto__', 'toString', ['OWNER'], { role: 'OWNER' }, 4, null])
    add(`role ${JSON.stringify(role)}`, withClaims({ role }));
  for (const sid of ['', 'x', 1, ['x']]) add(`sid ${JSON.stringify(sid)}`, withClaims({ sid }));
  add('jti a number', withClaims({ jti: 1 }));

  const changed = (changes: Json): string =>
    `${goodHeader}.${encode({ ...(JSON.parse(Buffer.from(goodPayload, 'base64url').toString()) as Json), ...changes })}.${goodSignature}`;
  add('another workspace written into a good token', changed({ workspace_id: loot.otherWorkspaceId }));
  add('another role written into a good token', changed({ role: 'ADMIN' }));
  add('another person written into a good token', changed({ sub: randomUUID() }));
  add('a longer life written into a good token', changed({ exp: now + 86_400 }));
  add('somebody else’s payload under this signature', `${goodHeader}.${foreignPayload}.${goodSignature}`);

  add('a refresh token', loot.refreshToken);
  add('an API key', loot.apiKey);
  add('a one-time link’s secret', loot.invitation);
  add('a signed context', loot.signedContext);
  add('an upload’s id', `upload_${randomUUID()}`);
  add('a user’s id', `user_${loot.userId}`);
  add('a password', 'tributary-demo');

  const outsideHeader = { alg: 'RS256', typ: 'at+jwt', kid: outside.kid };
  const outsideClaims = { ...claims, iss: outside.issuer, aud: outside.audience, sid: undefined, typ: undefined };
  const outsideToken = (changes: Json, headerChanges: Json = {}): string =>
    craftToken({ ...outsideHeader, ...headerChanges }, { ...outsideClaims, ...changes }, outsideKey);
  const outsidePem = createPublicKey(outsideKey).export({ type: 'spki', format: 'pem' }).toString();
  add(
    'of the issuer outside, as if of ours',
    outsideToken({ iss: own.issuer, aud: own.audience, sid: claims.sid, typ: 'access' }),
  );
  add('of ours, as if of the issuer outside', craftToken({ ...header, kid: outside.kid }, outsideClaims, ownKey));
  add('an ID token of the issuer outside', outsideToken({ aud: 'client', nonce: 'x' }, { typ: 'JWT' }));
  add('of the issuer outside for another audience', outsideToken({ aud: 'another-product' }));
  add('of the issuer outside with typ JWT', outsideToken({}, { typ: 'JWT' }));
  add(
    'of the issuer outside, HS256 with its PEM',
    craftToken({ ...outsideHeader, alg: 'HS256' }, outsideClaims, { secret: outsidePem }),
  );
  add('of the issuer outside with role SYSTEM', outsideToken({ role: 'SYSTEM' }));
  add('of the issuer outside with no workspace', outsideToken({ workspace_id: undefined }));
  add('of the issuer outside, expired', outsideToken({ iat: now - 7200, exp: now - 3600 }));
  add('of the issuer outside for a week', outsideToken({ exp: now + 7 * 86_400 }));

  for (const [name, text] of [
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['three dots', '...'],
    ['null', 'null'],
    ['a JSON object', '{}'],
    ['only its header', goodHeader],
    ['header and payload', `${goodHeader}.${goodPayload}`],
    ['no signature', `${goodHeader}.${goodPayload}.`],
    ['the last letter missing', loot.good.slice(0, -1)],
    ['the first letter missing', loot.good.slice(1)],
    ['ten letters missing', loot.good.slice(0, -10)],
    ['a fourth part', `${loot.good}.x`],
    ['padding', `${loot.good}==`],
    ['a spare bit', spareBit(loot.good)],
    ['a space inside', `${goodHeader} .${goodPayload}.${goodSignature}`],
    ['a tab inside', `${goodHeader}\t.${goodPayload}.${goodSignature}`],
    ['the token twice', `${loot.good} ${loot.good}`],
    ['the token twice with a comma', `${loot.good},${loot.good}`],
    ['another scheme before it', `Bearer ${loot.good}`],
    ['quotes', `"${loot.good}"`],
    ['angle brackets', `<${loot.good}>`],
    ['letters of Latin-1', `${loot.good}é`],
    ['a soft hyphen', `${goodHeader}\u00ad.${goodPayload}.${goodSignature}`],
    ['base64 of the other alphabet', loot.good.replaceAll('-', '+').replaceAll('_', '/') + '+'],
    ['in capitals', loot.good.toUpperCase()],
    ['turned round', [...loot.good].reverse().join('')],
    ['5,000 letters', 'x'.repeat(5_000)],
    ['5,000 letters of payload', craftToken(header, { ...claims, more: 'x'.repeat(5_000) }, ownKey)],
    ['60 KB', 'x'.repeat(60_000)],
    ['deep JSON', `${encode('['.repeat(1_000))}.${goodPayload}.${goodSignature}`],
    ['a header that is a list', `${encode('[]')}.${goodPayload}.${goodSignature}`],
    ['a payload that is text', craftToken(header, '"x"', ownKey)],
    ['a payload that is no JSON', craftToken(header, 'x', ownKey)],
  ] as const)
    add(`text: ${name}`, text);
  for (const authorization of [
    loot.good,
    `Basic ${loot.good}`,
    `Token ${loot.good}`,
    `Bearer:${loot.good}`,
    `Bearer=${loot.good}`,
    `Bearer\u00a0${loot.good}`,
    `BearerBearer ${loot.good}`,
    `Bearer`,
    'Bearer ',
    `Basic ${Buffer.from('owner@acme.example:tributary-demo').toString('base64')}`,
    `DPoP ${loot.good}`,
  ])
    found.push({ name: `header: ${authorization.slice(0, 16)}…`, authorization });
  return found;
}

/** The same bytes in another spelling: the last letter of a signature of 64 bytes carries bits that count for nothing. */
function spareBit(token: string): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + letters[letters.indexOf(token.at(-1)!) ^ 1]!;
}
