import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { permissionsOf } from '@tributary/contracts/actions';
import {
  acceptInvitationCommand,
  loginCommand,
  resolveApiKeyCommand,
  revocationsCommand,
  noteOperationsUsedCommand,
  workspaceSettingsCommand,
} from '@tributary/contracts/commands';
import { findCatalogueFaults, unfilteredSql } from '@tributary/data';
import { encodeId } from '@tributary/contracts/ids';
import { roles } from '@tributary/contracts/roles';
import type { Role } from '@tributary/contracts/roles';
import { newUuid } from '@tributary/kernel';
import { systemPrincipal } from '@tributary/contracts/principal';
import { Deadline } from '@tributary/kernel';
import type { Principal } from '@tributary/contracts/principal';
import { parseApiKey } from '@tributary/auth';
import { createWorkspaceWithOwner, hasDemoAccounts, seedDemoPeople } from '@tributary/subgraph-workspace';
import { startWorkspaceWorld } from './workspaceWorld.js';
import type { WorkspaceWorld } from './workspaceWorld.js';

let world: WorkspaceWorld;
let owner: Principal;
let admin: Principal;
let operator: Principal;
let viewer: Principal;

beforeAll(async () => {
  world = await startWorkspaceWorld();
  [owner, admin, operator, viewer] = await Promise.all([
    world.person('OWNER'),
    world.person('ADMIN'),
    world.person('OPERATOR'),
    world.person('VIEWER'),
  ]);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});
beforeEach(() => {
  world.statements.length = 0;
});

const userId = (principal: Principal) => (principal.actor.kind === 'user' ? encodeId('user', principal.actor.id) : '');
const wsId = (slug: string) => encodeId('ws', world.workspaces.get(slug)!);

const createKey = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret apiKey { id name prefix scopes createdAt expiresAt lastUsedAt revokedAt } } }`;
const setRole = `mutation ($input: SetMemberRoleInput!) { setMemberRole(input: $input) { member { role user { id } } } }`;

async function keyWith(scopes: string[]): Promise<{ principal: Principal; id: string; secret: string }> {
  const { data } = await world.ask(owner, createKey, { input: { name: 'partner', scopes } });
  const { secret, apiKey } = data.createApiKey as { secret: string; apiKey: { id: string } };
  const { keyId, hash } = parseApiKey(secret);
  const found = await world.command(resolveApiKeyCommand, { keyId, hash: hash.toString('base64url') });
  return {
    secret,
    id: apiKey.id,
    principal: {
      workspaceId: found.workspaceId,
      actor: { kind: 'apiKey', id: found.id },
      role: found.role,
      scopes: found.scopes,
    },
  };
}

describe('the tables', () => {
  test('keep every rule of tenancy', async () => {
    expect(await findCatalogueFaults(world.testDatabase.superuserUrl)).toEqual([]);
  });

  test('app cannot read or write accounts', async () => {
    for (const text of ['select * from account', 'update account set is_demo = true', 'delete from account']) {
      const attempt = world.database.withWorkspace(owner, (tx) => tx.query(unfilteredSql('test.account', text)));
      await expect(attempt).rejects.toMatchObject({ code: 'DATABASE_ERROR' });
    }
  });
});

describe('viewer', () => {
  const everything =
    '{ viewer { role permissions workspace { id slug name settings createdAt } user { id displayName email } apiKey { id } workspaces { slug } } }';

  test('tells a person who and where they are, with one statement a relation', async () => {
    const { data, codes } = await world.ask(operator, everything);
    expect(codes).toEqual([]);
    expect(data.viewer).toMatchObject({
      role: 'OPERATOR',
      workspace: { id: wsId('acme'), slug: 'acme', name: 'Acme Corporation', settings: {} },
      user: { id: userId(operator), displayName: 'Oscar Operator', email: 'operator@acme.example' },
      apiKey: null,
      workspaces: [{ slug: 'acme' }],
    });
    expect(data.viewer.permissions).toEqual(permissionsOf(operator));
    expect([...world.statements].sort()).toEqual([
      'lookup.workspaces_of_account',
      'workspace.current',
      'workspace.membersByUserIds',
    ]);
  });

  test('tells a key who it is, its own scopes included', async () => {
    const { principal, id } = await keyWith(['flow.read', 'flow.start']);
    const { data, codes } = await world.ask(
      principal,
      '{ viewer { role permissions user { id } apiKey { id name scopes expiresAt } workspaces { slug } } }',
    );
    expect(codes).toEqual([]);
    expect(data.viewer).toEqual({
      role: 'OPERATOR',
      permissions: ['viewer.read', 'node.read', 'workspace.read', 'flow.read', 'flow.start'],
      user: null,
      apiKey: { id, name: 'partner', scopes: ['flow.read', 'flow.start'], expiresAt: null },
      workspaces: [{ slug: 'acme' }],
    });
  });

  test('names each action that can be allowed, with a title: what anybody may do and what a key can be given are names of that list', async () => {
    const ask = '{ viewer { permissions actions { name title description leastRole isScope } } }';
    const { data } = await world.ask(operator, ask);
    const listed = data.viewer.actions as { name: string; leastRole: Role; isScope: boolean }[];
    for (const person of [owner, admin, operator, viewer]) {
      const asked = (await world.ask(person, ask)).data.viewer;
      expect(asked.actions).toEqual(listed);
      const upTo = roles.slice(roles.indexOf(person.role as Role));
      expect(asked.permissions).toEqual(
        listed.filter(({ leastRole }) => upTo.includes(leastRole)).map(({ name }) => name),
      );
    }
    const create = 'mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { scopes } } }';
    for (const { name, isScope } of listed) {
      const input = { name: `with ${name}`, scopes: [name] };
      const { data: made, codes } = await world.ask(owner, create, { input });
      if (isScope) expect(made.createApiKey.apiKey.scopes).toEqual([name]);
      else expect([name, ...codes]).toEqual([name, 'INSUFFICIENT_PERMISSIONS']);
    }
  });

  test('is refused to parts of the product', async () => {
    expect((await world.ask(systemPrincipal(owner.workspaceId, 'test'), '{ viewer { role } }')).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
  });
});

describe('members', () => {
  const list =
    '{ viewer { workspace { members(first: 2) { totalCount pageInfo { hasNextPage endCursor } nodes { role joinedAt user { id email displayName } } } } } }';

  test('are listed page by page, two statements with the count', async () => {
    const { data, codes } = await world.ask(admin, list);
    expect(codes).toEqual([]);
    const { members } = data.viewer.workspace;
    expect(members.totalCount).toBe(4);
    expect(members.nodes.map((member: { role: string }) => member.role)).toEqual(['OWNER', 'ADMIN']);
    expect([...world.statements].sort()).toEqual([
      'workspace.countMembers',
      'workspace.current',
      'workspace.listMembers',
    ]);
    const rest = await world.ask(
      admin,
      `{ viewer { workspace { members(first: 2, after: "${members.pageInfo.endCursor}") { pageInfo { hasNextPage } nodes { role } } } } }`,
    );
    expect(rest.data.viewer.workspace.members).toEqual({
      pageInfo: { hasNextPage: false },
      nodes: [{ role: 'OPERATOR' }, { role: 'VIEWER' }],
    });
  });

  test.each<[string, () => Principal, string[]]>([
    [
      'a viewer sees only their own e-mail',
      () => viewer,
      ['o***@acme.example', 'a***@acme.example', 'o***@acme.example', 'viewer@acme.example'],
    ],
    [
      'an admin sees all e-mails',
      () => admin,
      ['owner@acme.example', 'admin@acme.example', 'operator@acme.example', 'viewer@acme.example'],
    ],
    [
      'nobody is oneself in a shared subscription',
      () => ({ ...viewer, actor: { kind: 'system', part: 'watchers' } }),
      ['o***@acme.example', 'a***@acme.example', 'o***@acme.example', 'v***@acme.example'],
    ],
  ])('%s', async (_title, who, emails) => {
    const { data } = await world.ask(who(), '{ viewer { workspace { members { nodes { user { email } } } } } }');
    expect(data.viewer.workspace.members.nodes.map((node: { user: { email: string } }) => node.user.email)).toEqual(
      emails,
    );
  });

  test('a key without the scope sees none, and the rest of its answer is whole', async () => {
    const { principal } = await keyWith(['flow.read']);
    const { data, codes } = await world.ask(
      principal,
      '{ viewer { role workspace { slug members { nodes { role } } } } }',
    );
    expect(data.viewer).toEqual({ role: 'VIEWER', workspace: { slug: 'acme', members: null } });
    expect(codes).toEqual(['INSUFFICIENT_PERMISSIONS']);
  });

  test.each([0, -1, 101])('first: %d is refused', async (first) => {
    expect(
      (await world.ask(admin, `{ viewer { workspace { members(first: ${first}) { nodes { role } } } } }`)).codes,
    ).toEqual(['INVALID_INPUT']);
  });

  test('a damaged cursor is refused', async () => {
    for (const after of [
      'x',
      Buffer.from('["members","; drop table member"]').toString('base64url'),
      Buffer.from('["auditLog",1]').toString('base64url'),
    ]) {
      expect(
        (await world.ask(admin, `{ viewer { workspace { members(after: "${after}") { nodes { role } } } } }`)).codes,
      ).toEqual(['INVALID_INPUT']);
    }
  });
});

describe('roles', () => {
  test('an admin sets roles up to ADMIN; the change is audited and outdates the old tokens', async () => {
    const { data, codes } = await world.ask(admin, setRole, { input: { userId: userId(viewer), role: 'OPERATOR' } });
    expect(codes).toEqual([]);
    expect(data.setMemberRole.member).toEqual({ role: 'OPERATOR', user: { id: userId(viewer) } });
    const { revocations } = await world.command(revocationsCommand, { since: null, knownSuspended: null });
    expect(revocations).toContainEqual(
      expect.objectContaining({
        kind: 'user',
        workspaceId: viewer.workspaceId,
        subject: (viewer.actor as { id: string }).id,
      }),
    );
    const { data: log } = await world.ask(
      owner,
      '{ viewer { workspace { auditLog(first: 1) { nodes { action actor { ... on User { id } } entityId before after requestId } } } } }',
    );
    expect(log.viewer.workspace.auditLog.nodes).toEqual([
      {
        action: 'member.setRole',
        actor: { id: userId(admin) },
        entityId: userId(viewer),
        before: { role: 'VIEWER' },
        after: { role: 'OPERATOR' },
        requestId: 'r-test',
      },
    ]);
    await world.ask(admin, setRole, { input: { userId: userId(viewer), role: 'VIEWER' } });
  });

  test('OWNER is given and taken by owners only', async () => {
    expect((await world.ask(admin, setRole, { input: { userId: userId(operator), role: 'OWNER' } })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
    expect((await world.ask(admin, setRole, { input: { userId: userId(owner), role: 'VIEWER' } })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
    expect((await world.ask(operator, setRole, { input: { userId: userId(operator), role: 'ADMIN' } })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
  });

  test('a workspace keeps an owner, also when two step down at once', async () => {
    expect((await world.ask(owner, setRole, { input: { userId: userId(owner), role: 'ADMIN' } })).codes).toEqual([
      'RESOURCE_CONFLICT',
    ]);
    await world.ask(owner, setRole, { input: { userId: userId(admin), role: 'OWNER' } });
    const second: Principal = { ...admin, role: 'OWNER' };
    const both = await Promise.all([
      world.ask(owner, setRole, { input: { userId: userId(owner), role: 'ADMIN' } }),
      world.ask(second, setRole, { input: { userId: userId(admin), role: 'ADMIN' } }),
    ]);
    expect(both.flatMap((answer) => answer.codes)).toEqual(['RESOURCE_CONFLICT']);
    await world.superuser(`update member set role = upper(split_part(email, '@', 1)) where workspace_id = $1`, [
      owner.workspaceId,
    ]);
  });

  test('a member of another workspace is answered like nobody', async () => {
    const stranger = await world.person('VIEWER', 'globex');
    for (const id of [userId(stranger), encodeId('user', newUuid()), encodeId('flow', newUuid())]) {
      expect((await world.ask(owner, setRole, { input: { userId: id, role: 'ADMIN' } })).codes).toEqual([
        'RESOURCE_NOT_FOUND',
      ]);
    }
    expect((await world.ask(owner, setRole, { input: { userId: 'garbage', role: 'ADMIN' } })).codes).toEqual([
      'INVALID_INPUT',
    ]);
  });
});

describe('API keys', () => {
  test('are shown once, found by their hash, and never stored', async () => {
    const { secret, principal } = await keyWith(['flow.read']);
    expect(principal).toMatchObject({ workspaceId: owner.workspaceId, role: 'VIEWER', scopes: ['flow.read'] });
    const [stored] = await world.superuser<{ found: string }>(
      `select count(*) as found from api_key k where k::text like '%' || $1 || '%'`,
      [secret.slice(18)],
    );
    expect(Number(stored!.found)).toBe(0);
    const [replays] = await world.superuser<{ found: string }>(
      `select count(*) as found from idempotency_key k where k::text like '%' || $1 || '%'`,
      [secret.slice(18)],
    );
    expect(Number(replays!.found)).toBe(0);
  });

  test('the same idempotencyKey makes one key, and the secret is not told again', async () => {
    const input = { name: 'once', scopes: ['flow.read'], idempotencyKey: 'k-1' };
    const answers = [];
    for (let call = 0; call < 3; call++) answers.push((await world.ask(owner, createKey, { input })).data.createApiKey);
    expect(new Set(answers.map((answer) => answer.apiKey.id)).size).toBe(1);
    expect(answers[0].apiKey).toEqual(answers[1].apiKey);
    expect(answers.map((answer) => answer.secret === null)).toEqual([false, true, true]);
    expect((await world.ask(owner, createKey, { input: { ...input, name: 'other' } })).codes).toEqual([
      'RESOURCE_CONFLICT',
    ]);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['no name', { name: '  ', scopes: ['flow.read'] }, 'MISSING_REQUIRED_FIELD'],
    ['no scope', { name: 'x', scopes: [] }, 'MISSING_REQUIRED_FIELD'],
    ['an unknown scope', { name: 'x', scopes: ['flow.destroy'] }, 'INVALID_INPUT'],
    ['a name of the language as scope', { name: 'x', scopes: ['__proto__'] }, 'INVALID_INPUT'],
    ['a scope that keys never hold', { name: 'x', scopes: ['apiKey.write'] }, 'INSUFFICIENT_PERMISSIONS'],
    ['an action of the product itself', { name: 'x', scopes: ['identity.resolve'] }, 'INSUFFICIENT_PERMISSIONS'],
    ['an expiry in the past', { name: 'x', scopes: ['flow.read'], expiresAt: '2020-01-01T00:00:00Z' }, 'INVALID_INPUT'],
    ['a name that is too long', { name: 'x'.repeat(101), scopes: ['flow.read'] }, 'INVALID_INPUT'],
  ])('with %s are refused', async (_title, input, code) => {
    expect((await world.ask(owner, createKey, { input })).codes).toEqual([code]);
  });

  test('are made by admins and owners only, never by a key', async () => {
    const { principal } = await keyWith(['apiKey.read', 'audit.read']);
    for (const who of [
      operator,
      viewer,
      principal,
      { ...principal, scopes: ['apiKey.write'], role: 'OWNER' as const },
    ]) {
      expect((await world.ask(who, createKey, { input: { name: 'x', scopes: ['flow.read'] } })).codes).toEqual([
        'INSUFFICIENT_PERMISSIONS',
      ]);
    }
  });

  test('once revoked are refused, and the gateways hear of it', async () => {
    const { secret, id, principal } = await keyWith(['flow.read']);
    const { data } = await world.ask(
      admin,
      `mutation { revokeApiKey(input: { id: "${id}" }) { apiKey { id revokedAt lastUsedAt } } }`,
    );
    expect(data.revokeApiKey.apiKey.revokedAt).not.toBeNull();
    expect(data.revokeApiKey.apiKey.lastUsedAt).not.toBeNull();
    const again = await world.ask(admin, `mutation { revokeApiKey(input: { id: "${id}" }) { apiKey { revokedAt } } }`);
    expect(again.data.revokeApiKey.apiKey.revokedAt).toBe(data.revokeApiKey.apiKey.revokedAt);
    const { keyId, hash } = parseApiKey(secret);
    await expect(
      world.command(resolveApiKeyCommand, { keyId, hash: hash.toString('base64url') }),
    ).rejects.toMatchObject({
      code: 'INVALID_API_KEY',
    });
    const { revocations } = await world.command(revocationsCommand, { since: null, knownSuspended: null });
    expect(
      revocations.filter(
        (revocation) => revocation.kind === 'apiKey' && revocation.subject === (principal.actor as { id: string }).id,
      ),
    ).toHaveLength(1);
  });

  test('unknown, expired and wrong ones are refused', async () => {
    const { secret, id } = await keyWith(['flow.read']);
    const { keyId, hash } = parseApiKey(secret);
    const resolve = (key: string, text: string) => world.command(resolveApiKeyCommand, { keyId: key, hash: text });
    await expect(resolve(keyId, Buffer.alloc(32).toString('base64url'))).rejects.toMatchObject({
      code: 'INVALID_API_KEY',
    });
    await expect(resolve(keyId, '')).rejects.toMatchObject({ code: 'INVALID_API_KEY' });
    await expect(resolve('unknown', hash.toString('base64url'))).rejects.toMatchObject({ code: 'INVALID_API_KEY' });
    await world.superuser(`update api_key set expires_at = now() - interval '1 second' where id = $1`, [id.slice(4)]);
    await expect(resolve(keyId, hash.toString('base64url'))).rejects.toMatchObject({ code: 'INVALID_API_KEY' });
  });

  test('a viewer who sees that a key did something sees its name and no more', async () => {
    const { id } = await keyWith(['flow.read']);
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ApiKey { name prefix } } }`;
    const of = [{ __typename: 'ApiKey', id }];
    expect((await world.ask(viewer, query, { of })).data._entities[0]).toMatchObject({ name: 'partner' });
    expect((await world.ask(viewer, query.replace('prefix', 'scopes'), { of })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
  });

  test('are listed newest first', async () => {
    const { data } = await world.ask(
      admin,
      '{ viewer { workspace { apiKeys(first: 2) { pageInfo { hasNextPage endCursor } edges { cursor node { id createdAt } } } } } }',
    );
    const [first, second] = data.viewer.workspace.apiKeys.edges;
    expect(first.node.id > second.node.id).toBe(true);
    const next = await world.ask(
      admin,
      `{ viewer { workspace { apiKeys(first: 1, after: "${first.cursor}") { nodes { id } } } } }`,
    );
    expect(next.data.viewer.workspace.apiKeys.nodes[0].id).toBe(second.node.id);
  });
});

describe('the name of a workspace', () => {
  const rename = `mutation ($name: String!, $key: String) { renameWorkspace(input: { name: $name, idempotencyKey: $key }) { workspace { name slug } } }`;

  test('is changed by admins, once for each key, and says so in the audit log', async () => {
    const { slug, name } = (await world.ask(admin, '{ viewer { workspace { slug name } } }')).data.viewer.workspace;
    const first = await world.ask(admin, rename, { name: '  Renamed  ', key: 'once' });
    expect(first.data.renameWorkspace.workspace).toEqual({ name: 'Renamed', slug });
    await world.ask(admin, rename, { name: '  Renamed  ', key: 'once' });
    const log = '{ viewer { workspace { auditLog(first: 2) { nodes { action before after } } } } }';
    const [newest, older] = (await world.ask(owner, log)).data.viewer.workspace.auditLog.nodes;
    expect(newest).toEqual({ action: 'workspace.update', before: { name }, after: { name: 'Renamed' } });
    expect(older).not.toEqual(newest);
    await world.ask(admin, rename, { name });
  });

  test.each([
    ['blank', '  ', 'MISSING_REQUIRED_FIELD'],
    ['too long', 'x'.repeat(101), 'INVALID_INPUT'],
    ['with a NUL', 'a\0b', 'INVALID_INPUT'],
  ])('is refused when it is %s', async (_title, name, code) => {
    expect((await world.ask(admin, rename, { name })).codes).toEqual([code]);
  });

  test('is not for operators to change', async () => {
    const operator = await world.person('OPERATOR');
    expect((await world.ask(operator, rename, { name: 'Mine' })).codes).toEqual(['INSUFFICIENT_PERMISSIONS']);
  });
});

test('the version and the way it runs are for everybody, what is stored for those who see keys', async () => {
  const viewer = await world.person('VIEWER');
  expect((await world.ask(viewer, '{ serverInfo { version mode } }')).data.serverInfo).toEqual({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    mode: 'CLUSTER',
  });
  const stored = `query ($after: Cursor) { storedOperations(first: 1, after: $after) {
    totalCount nodes { documentId name cost body manifest audience lastUsedAt } pageInfo { endCursor hasNextPage } } }`;
  expect((await world.ask(viewer, stored)).codes).toEqual(['INSUFFICIENT_PERMISSIONS']);
  const first = (await world.ask(admin, stored)).data.storedOperations;
  expect(first).toMatchObject({
    totalCount: 2,
    nodes: [
      { documentId: 'one', name: 'One', cost: 3, manifest: 'partner.json', audience: 'EVERYBODY', lastUsedAt: null },
    ],
    pageInfo: { hasNextPage: true },
  });
  const second = (await world.ask(admin, stored, { after: first.pageInfo.endCursor })).data.storedOperations;
  expect(second.nodes).toEqual([
    {
      documentId: 'two',
      name: null,
      cost: null,
      body: '{ viewer { role } }',
      manifest: 'console',
      audience: 'PEOPLE',
      lastUsedAt: null,
    },
  ]);
});

test('when a stored operation was last run is noted for its workspace alone; earlier news changes nothing, and no clock is ahead', async () => {
  const noted = (at: readonly (readonly [documentId: string, at: Date])[], workspaceId = owner.workspaceId) =>
    world.subgraph.commands.run(
      'workspace',
      noteOperationsUsedCommand.name,
      { operations: at.map(([documentId, time]) => ({ documentId, at: time.toISOString() })) },
      {
        principal: systemPrincipal(workspaceId, 'gateway'),
        requestId: 'r',
        deadline: Deadline.in(1_000),
      },
    );
  const used = async () =>
    (await world.ask(admin, '{ storedOperations { nodes { documentId lastUsedAt } } }')).data.storedOperations.nodes;
  const [early, late] = [new Date(Date.now() - 120_000), new Date(Date.now() - 60_000)];
  await noted([
    ['one', late],
    ['one', early],
    ['unknown', late],
  ]);
  await noted([['one', early]]);
  const stranger = await world.person('OWNER', 'globex');
  await noted([['two', late]], stranger.workspaceId);
  expect(await used()).toEqual([
    { documentId: 'one', lastUsedAt: late.toISOString() },
    { documentId: 'two', lastUsedAt: null },
  ]);
  await noted([['two', new Date(Date.now() + 3_600_000)]]);
  expect(Date.parse((await used())[1].lastUsedAt)).toBeLessThanOrEqual(Date.now() + 1_000);
  await noted([]);
});

describe('settings', () => {
  const update = `mutation ($settings: JSONObject!) { updateWorkspaceSettings(input: { settings: $settings }) { workspace { settings } } }`;

  test('are patched: an absent name is left, null clears; other subgraphs can ask for them', async () => {
    await world.ask(admin, update, { settings: { runnerLostAfterMinutes: 30, theme: 'dark' } });
    const { data } = await world.ask(admin, update, { settings: { theme: null, locale: 'en' } });
    expect(data.updateWorkspaceSettings.workspace.settings).toEqual({ runnerLostAfterMinutes: 30, locale: 'en' });
    const context = {
      principal: systemPrincipal(owner.workspaceId, 'flow'),
      requestId: 'r',
      deadline: Deadline.in(1_000),
    };
    expect(await world.subgraph.commands.run('workspace', workspaceSettingsCommand.name, {}, context)).toEqual({
      runnerLostAfterMinutes: 30,
      locale: 'en',
    });
  });

  test.each<[string, Record<string, unknown>]>([
    ['a number out of bounds', { runnerLostAfterMinutes: 0 }],
    ['text where minutes belong', { runnerLostAfterMinutes: 'soon' }],
    ['a strange name', { 'a b': 1 }],
    ['__proto__', JSON.parse('{"__proto__": {"x": 1}}') as Record<string, unknown>],
    ['too much', { blob: 'x'.repeat(20_000) }],
  ])('%s is refused', async (_title, settings) => {
    expect((await world.ask(admin, update, { settings })).codes).toEqual(['INVALID_INPUT']);
  });

  test('are not for operators to change', async () => {
    expect((await world.ask(operator, update, { settings: {} })).codes).toEqual(['INSUFFICIENT_PERMISSIONS']);
  });
});

describe('node(id)', () => {
  const query = 'query ($id: ID!) { node(id: $id) { __typename id } }';

  test('finds what is of this workspace, here and in other subgraphs', async () => {
    const flow = encodeId('flow', newUuid());
    const rule = encodeId('rule', newUuid());
    world.foreignIds.add(flow).add(rule);
    const { id: key } = await keyWith(['flow.read']);
    for (const [id, typename] of [
      [wsId('acme'), 'Workspace'],
      [userId(viewer), 'User'],
      [key, 'ApiKey'],
      [flow, 'Flow'],
      [rule, 'AlertRule'],
    ]) {
      expect((await world.ask(viewer, query, { id })).data.node).toEqual({ __typename: typename, id });
    }
  });

  test('is null for what is of another workspace, of nobody, or cannot be looked up', async () => {
    const stranger = await world.person('OWNER', 'globex');
    const ids = [
      wsId('globex'),
      userId(stranger),
      ...(['user', 'key', 'flow', 'asset', 'trace', 'alert', 'rule', 'audit', 'upload'] as const).map((tag) =>
        encodeId(tag, newUuid()),
      ),
    ];
    for (const id of ids) expect(await world.ask(owner, query, { id })).toEqual({ data: { node: null }, codes: [] });
  });

  test('says what is wrong with text that is no id', async () => {
    for (const id of ['', 'flow', 'flow_1', '__proto__', "flow_' or 1=1"])
      expect((await world.ask(owner, query, { id })).codes).toEqual(['INVALID_INPUT']);
  });

  test('a key scoped to flows finds no asset through it', async () => {
    const asset = encodeId('asset', newUuid());
    world.foreignIds.add(asset);
    const { principal } = await keyWith(['flow.read']);
    for (const id of [asset, encodeId('asset', newUuid()), userId(owner)]) {
      expect((await world.ask(principal, query, { id })).codes).toEqual(['INSUFFICIENT_PERMISSIONS']);
    }
  });
});

describe('joins from other subgraphs', () => {
  const query =
    'query ($of: [_Any!]!) { _entities(representations: $of) { __typename ... on User { displayName } ... on ApiKey { name } } }';

  test('a hundred people and keys are two statements', async () => {
    const { id } = await keyWith(['flow.read']);
    world.statements.length = 0;
    const of = Array.from({ length: 100 }, (_, index) =>
      index % 2
        ? { __typename: 'User', id: userId([owner, admin, operator, viewer][index % 4]!) }
        : { __typename: 'ApiKey', id },
    );
    const { data, codes } = await world.ask(viewer, query, { of });
    expect(codes).toEqual([]);
    expect(data._entities).toHaveLength(100);
    expect([...world.statements].sort()).toEqual(['workspace.apiKeysByIds', 'workspace.membersByUserIds']);
  });

  test('people of another workspace are null', async () => {
    const stranger = await world.person('OWNER', 'globex');
    expect(
      (await world.ask(owner, query, { of: [{ __typename: 'User', id: userId(stranger) }] })).data._entities,
    ).toEqual([null]);
  });
});

describe('the audit trail', () => {
  const list =
    '{ viewer { workspace { auditLog(first: 100) { pageInfo { hasNextPage } nodes { id at action actor { __typename ... on User { displayName } ... on SystemActor { part } } } } } } }';

  test('is newest first and asks for all its actors at once', async () => {
    const { data, codes } = await world.ask(owner, list);
    expect(codes).toEqual([]);
    const { nodes } = data.viewer.workspace.auditLog;
    expect(nodes.length).toBeGreaterThan(5);
    expect(nodes.at(-1)).toMatchObject({
      action: 'workspace.create',
      actor: { __typename: 'SystemActor', part: 'demo' },
    });
    expect([...world.statements].sort()).toEqual([
      'workspace.current',
      'workspace.listAuditEntries',
      'workspace.membersByUserIds',
    ]);
  });

  test('is for admins and owners', async () => {
    for (const who of [operator, viewer]) {
      const { data, codes } = await world.ask(who, list);
      expect(data.viewer.workspace.auditLog).toBeNull();
      expect(codes).toEqual(['INSUFFICIENT_PERMISSIONS']);
    }
  });

  test('can be narrowed down to who, what, on what and when, page by page', async () => {
    const narrowed = (filter: unknown, first = 100, after: string | null = null) =>
      world.ask(
        owner,
        'query ($filter: AuditFilter, $first: Int!, $after: Cursor) { viewer { workspace { auditLog(first: $first, after: $after, filter: $filter) { pageInfo { hasNextPage endCursor } nodes { id at action entityType entityId actor { __typename ... on User { id } } } } } } }',
        { filter, first, after },
      );
    const entriesOf = async (filter: unknown) => (await narrowed(filter)).data.viewer.workspace.auditLog.nodes as any[];
    const all = await entriesOf(null);
    const byOwner = all.filter(({ actor }) => actor.id === userId(owner));
    expect(byOwner.length).toBeGreaterThan(0);
    expect(byOwner.length).toBeLessThan(all.length);
    expect(await entriesOf({ actorId: userId(owner) })).toEqual(byOwner);
    const { action, entityId, at, entityType } = all[2];
    expect(await entriesOf({ action: [action] })).toEqual(all.filter((entry) => entry.action === action));
    expect(await entriesOf({ entityType: [entityType] })).toEqual(
      all.filter((entry) => entry.entityType === entityType),
    );
    expect(await entriesOf({ entityId })).toEqual(all.filter((entry) => entry.entityId === entityId));
    expect(await entriesOf({ from: at })).toEqual(all.filter((entry) => entry.at >= at));
    expect(await entriesOf({ to: at })).toEqual(all.filter((entry) => entry.at < at));
    expect(await entriesOf({ action: [] })).toEqual([]);
    const page = (await narrowed({ actorId: userId(owner) }, 1)).data.viewer.workspace.auditLog;
    const rest = await narrowed({ actorId: userId(owner) }, 100, page.pageInfo.endCursor);
    expect([...page.nodes, ...rest.data.viewer.workspace.auditLog.nodes]).toEqual(byOwner);
    expect((await narrowed({ entityId: 'nothing' })).codes).toEqual(['INVALID_INPUT']);
    const stranger = await world.person('OWNER', 'globex');
    expect(await entriesOf({ actorId: userId(stranger) })).toEqual([]);
  });

  test('shows a workspace only its own', async () => {
    const stranger = await world.person('OWNER', 'globex');
    const { data } = await world.ask(stranger, list);
    expect(data.viewer.workspace.auditLog.nodes).toHaveLength(1);
  });
});

describe('a new workspace', () => {
  const input = { slug: 'initech', name: 'Initech', ownerEmail: 'Bill@initech.example' };

  test('gets its owner by a one-time link', async () => {
    const { workspaceId, invitationToken } = await createWorkspaceWithOwner(world.database, input);
    await expect(
      world.command(acceptInvitationCommand, { token: invitationToken, password: 'short' }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const signedIn = await world.command(acceptInvitationCommand, {
      token: invitationToken,
      password: 'a good long password',
    });
    expect(signedIn.workspaces).toEqual([
      { id: encodeId('ws', workspaceId), slug: 'initech', name: 'Initech', role: 'OWNER' },
    ]);
    await expect(
      world.command(acceptInvitationCommand, { token: invitationToken, password: 'a good long password' }),
    ).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(
      (
        await world.command(loginCommand, {
          email: 'bill@initech.example',
          password: 'a good long password',
          workspace: 'initech',
        })
      ).workspaceId,
    ).toBe(signedIn.workspaceId);
  });

  test('needs a slug that nobody has', async () => {
    await expect(createWorkspaceWithOwner(world.database, input)).rejects.toMatchObject({
      code: 'RESOURCE_ALREADY_EXISTS',
    });
    const race = await Promise.allSettled(
      Array.from({ length: 5 }, () => createWorkspaceWithOwner(world.database, { ...input, slug: 'race' })),
    );
    expect(race.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
    for (const slug of ['', 'A', 'a', '-a', 'a b', 'x'.repeat(41)]) {
      await expect(createWorkspaceWithOwner(world.database, { ...input, slug })).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    }
  });

  test('an invitation cannot take over an account that has a password', async () => {
    const { invitationToken } = await createWorkspaceWithOwner(world.database, {
      slug: 'evil',
      name: 'Evil',
      ownerEmail: 'owner@acme.example',
    });
    await expect(
      world.command(acceptInvitationCommand, { token: invitationToken, password: 'chosen by evil' }),
    ).rejects.toMatchObject({ code: 'INVALID_CREDENTIALS' });
    expect(
      (
        await world.command(loginCommand, {
          email: 'owner@acme.example',
          password: 'tributary-demo',
          workspace: 'acme',
        })
      ).workspaceId,
    ).toBe(wsId('acme'));
    const accepted = await world.command(acceptInvitationCommand, {
      token: invitationToken,
      password: 'tributary-demo',
    });
    expect(accepted.workspaces.map(({ slug }) => slug)).toEqual(['acme', 'evil']);
  });
});

describe('the demo people', () => {
  test('are seeded once and known as such', async () => {
    const again = await seedDemoPeople(world.database);
    expect(again.map(({ slug, created }) => [slug, created])).toEqual([
      ['acme', false],
      ['globex', false],
    ]);
    expect(again.map(({ workspaceId }) => workspaceId)).toEqual([...world.workspaces.values()]);
    expect(await hasDemoAccounts(world.database)).toBe(true);
  });
});
