import { createAccessTokenIssuer } from '@tributary/auth';
import { actions, type Action } from '@tributary/contracts/actions';
import { type DatabaseEngine, Database, roleUrl } from '@tributary/data';
import { roles } from '@tributary/contracts/roles';
import { type Principal } from '@tributary/contracts/principal';
import { createLogger } from '@tributary/observability';
import { createWorkspaceWithOwner, invitePerson, workspaceSubgraph } from '@tributary/subgraph-workspace';
import type { ClusterSecrets } from '@tributary/kit/cluster';
import { askGateway, send } from '@tributary/kit/client';
import type { Canaries, Letter } from './canaries.ts';

/** Somebody with credentials, and what these are good for. */
export interface Person {
  /** "OWNER", …, "key", "expired", "revoked". */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Null for credentials that are worth nothing. */
  readonly principal: Principal | null;
}

/** The people of one workspace. */
export interface People {
  readonly letter: Letter;
  readonly workspaceId: string;
  readonly slug: string;
  readonly owner: Person;
  /** Everybody, the owner included: each role, a key with every scope, and credentials that are over. */
  readonly everybody: readonly Person[];
  /** Public id of a member who is there to be removed. */
  readonly leaverId: string;
  /** The refresh cookie of the owner. */
  readonly cookie: string;
  /** A workspace's secrets: they must never be in a log or in another's answer. */
  readonly secrets: readonly string[];
}

export const password = 'tributary-leak-net';
const scopesOfKeys = (Object.keys(actions) as Action[]).filter((name) => actions[name].keys === 'byScope');

/** Signs up a workspace with a person of each role, as its operator and its people would. */
export async function gatherPeople(
  origin: string,
  letter: Letter,
  setup: {
    databaseUrl: string;
    engine: DatabaseEngine;
    passwords: { readonly app: string };
    secrets: ClusterSecrets;
    canaries: Canaries;
  },
): Promise<People> {
  const slug = setup.canaries.of(letter, 'workspace.slug');
  const name = `Workspace ${setup.canaries.of(letter, 'workspace.name')}`;
  const emailOf = (role: string) => `${role.toLowerCase()}@${slug}.example`;
  await using database = await Database.open({
    url: roleUrl(setup.databaseUrl, 'app', setup.passwords.app),
    entities: workspaceSubgraph({ accessTokens: null }).tables,
    logger: createLogger({ name: 'leak net', level: 'silent' }),
    poolSize: 2,
    engine: setup.engine,
  });
  const { workspaceId, invitationToken } = await createWorkspaceWithOwner(database, {
    slug,
    name,
    ownerEmail: emailOf('OWNER'),
  });
  const tokens = [invitationToken];
  for (const role of roles.slice(1)) {
    tokens.push((await invitePerson(database, { slug, role, email: emailOf(role) })).invitationToken);
  }
  const leaver = await invitePerson(database, { slug, role: 'VIEWER', email: `leaver@${slug}.example` });
  const left = await accept(origin, leaver.invitationToken);
  await invitePerson(database, { slug, role: 'VIEWER', email: `nobody-yet@${slug}.example` });
  const sessions = await Promise.all(tokens.map((token) => accept(origin, token)));
  const people = sessions.map((session, index): Person => {
    const sub = subjectOf(session.accessToken);
    const role = roles[index]!;
    return {
      name: role,
      headers: { authorization: `Bearer ${session.accessToken}` },
      principal: { workspaceId, actor: { kind: 'user', id: sub }, role, scopes: null },
    };
  });
  const owner = people[0]!;
  const key = await makeKey(origin, owner, setup.canaries.of(letter, 'api_key.name'));
  const gone = await makeKey(origin, owner, 'Revoked');
  await askGateway(
    origin,
    owner.headers,
    'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }',
    {
      id: gone.id,
    },
  );
  const issuer = createAccessTokenIssuer({
    privateKeyPem: setup.secrets.signingKey,
    issuer: setup.secrets.issuer,
    audience: setup.secrets.audience,
  });
  const expired = await issuer.issue(
    {
      userId: owner.principal!.actor.kind === 'user' ? owner.principal!.actor.id : '',
      workspaceId,
      role: 'OWNER',
      sessionId: crypto.randomUUID(),
    },
    new Date(Date.now() - 7_200_000),
  );
  const keyPrincipal: Principal = {
    workspaceId,
    actor: { kind: 'apiKey', id: key.id.slice('key_'.length) },
    role: 'ADMIN',
    scopes: scopesOfKeys,
  };
  return {
    letter,
    workspaceId,
    slug,
    owner,
    everybody: [
      ...people,
      { name: 'key', headers: { 'x-api-key': key.secret }, principal: keyPrincipal },
      { name: 'expired', headers: { authorization: `Bearer ${expired.accessToken}` }, principal: null },
      { name: 'revoked', headers: { 'x-api-key': gone.secret }, principal: null },
    ],
    leaverId: `user_${subjectOf(left.accessToken)}`,
    cookie: sessions[0]!.cookie,
    secrets: [
      key.secret,
      gone.secret,
      ...tokens,
      ...sessions.flatMap(({ accessToken, cookie }) => [accessToken, cookie.split('=')[1]!]),
    ],
  };
}

function subjectOf(accessToken: string): string {
  const [, claims] = accessToken.split('.');
  return (JSON.parse(Buffer.from(claims!, 'base64url').toString('utf8')) as { sub: string }).sub;
}

async function accept(origin: string, token: string): Promise<{ accessToken: string; cookie: string }> {
  const answer = await send(
    'POST',
    `${origin}/auth/accept`,
    // What a session is known by: its canary goes behind it.
    { 'content-type': 'application/json', 'user-agent': 'Leak net' },
    JSON.stringify({ token, password }),
  );
  if (answer.status !== 200) throw new Error(`An invitation was refused: ${answer.text}`);
  const [cookie] = answer.headers.getSetCookie();
  return { ...(JSON.parse(answer.text) as { accessToken: string }), cookie: cookie!.split(';')[0]! };
}

async function makeKey(origin: string, owner: Person, name: string): Promise<{ id: string; secret: string }> {
  const { createApiKey } = await askGateway(
    origin,
    owner.headers,
    'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id } } }',
    { input: { name, scopes: scopesOfKeys, expiresAt: new Date(Date.now() + 86_400_000).toISOString() } },
  );
  return { id: createApiKey.apiKey.id as string, secret: createApiKey.secret as string };
}
