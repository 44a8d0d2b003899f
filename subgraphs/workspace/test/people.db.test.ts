import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseApiKey } from '@tributary/auth';
import {
  acceptInvitationCommand,
  describeInvitationCommand,
  loginCommand,
  refreshCommand,
  resolveApiKeyCommand,
  revocationsCommand,
} from '@tributary/contracts/commands';
import { encodeId } from '@tributary/contracts/ids';
import type { Principal } from '@tributary/contracts/principal';
import { eventually } from '@tributary/kit';
import { startWorkspaceWorld } from './workspaceWorld.js';
import type { WorkspaceWorld } from './workspaceWorld.js';

let world: WorkspaceWorld;
let owner: Principal;
let admin: Principal;
let operator: Principal;

beforeAll(async () => {
  world = await startWorkspaceWorld();
  [owner, admin, operator] = await Promise.all([
    world.person('OWNER'),
    world.person('ADMIN'),
    world.person('OPERATOR'),
  ]);
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const password = 'a good long password';
const inviteMember = `mutation ($input: InviteMemberInput!) { inviteMember(input: $input) { token invitation { id email displayName role acceptedAt revokedAt } } }`;
const revokeInvitation = `mutation ($input: RevokeInvitationInput!) { revokeInvitation(input: $input) { invitation { id revokedAt } } }`;
const removeMember = `mutation ($input: RemoveMemberInput!) { removeMember(input: $input) { member { role user { id } } } }`;
const rollApiKey = `mutation ($input: RollApiKeyInput!) { rollApiKey(input: $input) { secret apiKey { id prefix scopes } } }`;

const invite = async (who: Principal, input: object) => world.ask(who, inviteMember, { input });
const accept = (token: string) => world.command(acceptInvitationCommand, { token, password });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'uncoded',
  );
const trail = async (who = owner): Promise<{ action: string; entityId: string; after: unknown }[]> =>
  (await world.ask(who, '{ viewer { workspace { auditLog(first: 5) { nodes { action entityId after } } } } }')).data
    .viewer.workspace.auditLog.nodes;

describe('invitations', () => {
  test('lead in once, and the link is told once', async () => {
    const input = { email: ' New@acme.example', role: 'OPERATOR', displayName: 'Nell', idempotencyKey: 'nell' };
    const first = (await invite(admin, input)).data.inviteMember;
    const again = (await invite(admin, input)).data.inviteMember;
    expect(first.invitation).toMatchObject({ email: 'new@acme.example', displayName: 'Nell', role: 'OPERATOR' });
    expect(again).toEqual({ ...first, token: null });
    expect((await trail())[0]).toMatchObject({ action: 'member.invite', after: { role: 'OPERATOR' } });
    const signedIn = await accept(first.token);
    expect(signedIn.workspaces).toMatchObject([{ slug: 'acme', role: 'OPERATOR' }]);
    expect(await codeOf(accept(first.token))).toBe('INVALID_CREDENTIALS');
    const { data } = await world.ask(
      admin,
      '{ viewer { workspace { invitations(first: 1) { nodes { id acceptedAt } pageInfo { hasNextPage } } } } }',
    );
    expect(data.viewer.workspace.invitations.nodes).toEqual([
      { id: first.invitation.id, acceptedAt: expect.any(String) },
    ]);
  });

  test('are made up to one’s own role, and by members alone', async () => {
    expect((await invite(admin, { email: 'x@acme.example', role: 'OWNER' })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
    expect((await invite(operator, { email: 'x@acme.example', role: 'VIEWER' })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
    expect((await invite(owner, { email: 'second@acme.example', role: 'OWNER' })).codes).toEqual([]);
    const key: Principal = { ...owner, actor: { kind: 'apiKey', id: owner.workspaceId }, scopes: ['member.invite'] };
    expect((await invite(key, { email: 'x@acme.example', role: 'VIEWER' })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
  });

  test('are not made for members, twice at once, or for what is no e-mail', async () => {
    expect((await invite(admin, { email: 'viewer@acme.example', role: 'VIEWER' })).codes).toEqual([
      'RESOURCE_ALREADY_EXISTS',
    ]);
    const race = await Promise.all(
      Array.from({ length: 5 }, () => invite(admin, { email: 'race@acme.example', role: 'VIEWER' })),
    );
    expect(race.filter(({ codes }) => codes.length === 0)).toHaveLength(1);
    for (const input of [
      { email: 'nobody', role: 'VIEWER' },
      { email: 'a@b.example', role: 'VIEWER', displayName: ' ' },
    ])
      expect((await invite(admin, input)).codes).toEqual(['INVALID_INPUT']);
  });

  test('say to whoever holds the link what they lead to, and nothing once they are spent', async () => {
    const describeLink = (token: string) => world.command(describeInvitationCommand, { token });
    const invited = { email: 'told@acme.example', role: 'OPERATOR' };
    const { token } = (await invite(admin, invited)).data.inviteMember;
    const { viewer } = (await world.ask(admin, '{ viewer { user { displayName } workspace { name slug } } }')).data;
    expect(await describeLink(token)).toEqual({
      workspace: viewer.workspace,
      email: 'told@acme.example',
      role: 'OPERATOR',
      invitedBy: viewer.user.displayName,
    });
    await accept(token);
    expect(await codeOf(describeLink(token))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(describeLink('x'.repeat(43)))).toBe('INVALID_CREDENTIALS');
  });

  test('that are taken back are worth nothing', async () => {
    const { token, invitation } = (await invite(admin, { email: 'back@acme.example', role: 'VIEWER' })).data
      .inviteMember;
    const revoke = () => world.ask(admin, revokeInvitation, { input: { id: invitation.id } });
    const first = await revoke();
    expect(first.data.revokeInvitation.invitation.revokedAt).not.toBeNull();
    expect((await revoke()).data).toEqual(first.data);
    expect(await codeOf(accept(token))).toBe('INVALID_CREDENTIALS');
    const [account] = await world.superuser(`select from account where email = 'back@acme.example'`);
    expect(account).toBeUndefined();
    expect((await invite(admin, { email: 'back@acme.example', role: 'VIEWER' })).codes).toEqual([]);
  });

  test('of another workspace are nobody’s, and none is taken back after it was used', async () => {
    const { token, invitation } = (await invite(admin, { email: 'used@acme.example', role: 'VIEWER' })).data
      .inviteMember;
    const revoke = async (who: Principal, id: string) =>
      (await world.ask(who, revokeInvitation, { input: { id } })).codes;
    expect(await revoke(await world.person('OWNER', 'globex'), invitation.id)).toEqual(['RESOURCE_NOT_FOUND']);
    expect(await revoke(admin, encodeId('inv', owner.workspaceId))).toEqual(['RESOURCE_NOT_FOUND']);
    await accept(token);
    expect(await revoke(admin, invitation.id)).toEqual(['RESOURCE_CONFLICT']);
  });
});

describe('removing a member', () => {
  const remove = (who: Principal, userId: string) => world.ask(who, removeMember, { input: { userId } });

  test('ends their sessions here and tells the gateways', async () => {
    const { token } = (await invite(admin, { email: 'gone@acme.example', role: 'VIEWER' })).data.inviteMember;
    const signedIn = await accept(token);
    const { principal } = await world.verifier.verify(signedIn.accessToken);
    const { id } = principal.actor as { id: string };
    const userId = encodeId('user', id);
    expect((await remove(admin, userId)).data.removeMember.member).toEqual({ role: 'VIEWER', user: { id: userId } });
    expect((await trail())[0]).toMatchObject({ action: 'member.remove', entityId: userId, after: null });
    expect(await codeOf(world.command(refreshCommand, { refreshToken: signedIn.refreshToken }))).toBe(
      'INVALID_CREDENTIALS',
    );
    const { revocations } = await world.command(revocationsCommand, { since: null, knownSuspended: null });
    expect(revocations).toContainEqual(expect.objectContaining({ kind: 'user', subject: id }));
    expect((await remove(admin, userId)).codes).toEqual(['RESOURCE_NOT_FOUND']);
    expect(await codeOf(world.command(loginCommand, { email: 'gone@acme.example', password, workspace: null }))).toBe(
      'INVALID_CREDENTIALS',
    );
  });

  test('an owner is removed by owners only, and the last one by nobody', async () => {
    const globexOwner = await world.person('OWNER', 'globex');
    const globexAdmin = await world.person('ADMIN', 'globex');
    const userId = encodeId('user', (globexOwner.actor as { id: string }).id);
    expect((await remove(globexAdmin, userId)).codes).toEqual(['INSUFFICIENT_PERMISSIONS']);
    expect((await remove(globexOwner, userId)).codes).toEqual(['RESOURCE_CONFLICT']);
    expect((await remove(owner, userId)).codes).toEqual(['RESOURCE_NOT_FOUND']);
    const operatorId = encodeId('user', (operator.actor as { id: string }).id);
    expect((await remove(operator, operatorId)).codes).toEqual(['INSUFFICIENT_PERMISSIONS']);
  });
});

describe('rolling a key', () => {
  const createKey = async () =>
    (
      await world.ask(
        owner,
        'mutation { createApiKey(input: { name: "partner", scopes: ["flow.read"] }) { secret apiKey { id prefix } } }',
      )
    ).data.createApiKey as { secret: string; apiKey: { id: string; prefix: string } };
  const roll = (id: string, more: object = {}) => world.ask(admin, rollApiKey, { input: { id, ...more } });
  const resolve = (secret: string) => {
    const { keyId, hash } = parseApiKey(secret);
    return world.command(resolveApiKeyCommand, { keyId, hash: hash.toString('base64url') });
  };

  test('gives another secret to the same key; the old one is refused at once', async () => {
    const { secret, apiKey } = await createKey();
    const rolled = (await roll(apiKey.id, { idempotencyKey: 'roll' })).data.rollApiKey;
    expect(rolled.apiKey).toMatchObject(apiKey);
    expect((await roll(apiKey.id, { idempotencyKey: 'roll' })).data.rollApiKey).toEqual({ ...rolled, secret: null });
    expect((await resolve(rolled.secret)).expiresAt).toBeNull();
    expect(await codeOf(resolve(secret))).toBe('INVALID_API_KEY');
    expect((await trail())[0]).toMatchObject({ action: 'apiKey.roll', entityId: apiKey.id });
    const { revocations } = await world.command(revocationsCommand, { since: null, knownSuspended: null });
    expect(revocations).toContainEqual(
      expect.objectContaining({ kind: 'apiKeySecret', subject: apiKey.id.slice('key_'.length) }),
    );
  });

  test('with an overlap both secrets are good, the old one until its end', async () => {
    const { secret, apiKey } = await createKey();
    const rolled = (await roll(apiKey.id, { overlapSeconds: 60 })).data.rollApiKey;
    expect((await resolve(rolled.secret)).expiresAt).toBeNull();
    const left = Date.parse((await resolve(secret)).expiresAt!) - Date.now();
    expect(left).toBeGreaterThan(50_000);
    expect(left).toBeLessThanOrEqual(60_000);
    await world.superuser(`update api_key set previous_until = now() - interval '1 second' where id = $1`, [
      apiKey.id.slice('key_'.length),
    ]);
    expect(await codeOf(resolve(secret))).toBe('INVALID_API_KEY');
    expect(await codeOf(resolve(rolled.secret))).toBe('done');
  });

  test('needs a key that lives, an overlap of a day at most, and who may make keys', async () => {
    const { apiKey } = await createKey();
    for (const overlapSeconds of [-1, 86_401])
      expect((await roll(apiKey.id, { overlapSeconds })).codes).toEqual(['INVALID_INPUT']);
    expect((await world.ask(operator, rollApiKey, { input: { id: apiKey.id } })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
    await world.ask(owner, `mutation { revokeApiKey(input: { id: "${apiKey.id}" }) { apiKey { id } } }`);
    expect((await roll(apiKey.id)).codes).toEqual(['RESOURCE_CONFLICT']);
    expect((await roll(encodeId('key', owner.workspaceId))).codes).toEqual(['RESOURCE_NOT_FOUND']);
  });
});

test('sign-ins, refused ones of known people and ends of sessions are in the audit trail', async () => {
  const globex = await world.person('OWNER', 'globex');
  const email = 'operator@globex.example';
  const { refreshToken } = await world.command(loginCommand, { email, password: 'tributary-demo', workspace: null });
  const next = await world.command(refreshCommand, { refreshToken });
  await world.superuser(
    `update refresh_token set rotated_at = rotated_at - interval '11 seconds' where rotated_at is not null`,
  );
  expect(await codeOf(world.command(refreshCommand, { refreshToken }))).toBe('INVALID_CREDENTIALS');
  expect(await codeOf(world.command(refreshCommand, { refreshToken: next.refreshToken }))).toBe('INVALID_CREDENTIALS');
  expect(await codeOf(world.command(loginCommand, { email, password: 'wrong', workspace: null }))).toBe(
    'INVALID_CREDENTIALS',
  );
  await eventually(async () => expect((await trail(globex))[0]).toMatchObject({ action: 'session.refuse' }));
  const newest = (await trail(globex)).slice(0, 3);
  expect(newest.map(({ action, after }) => [action, after])).toEqual([
    ['session.refuse', null],
    ['session.end', { reason: 'REUSED' }],
    ['session.open', { role: 'OPERATOR' }],
  ]);
});
