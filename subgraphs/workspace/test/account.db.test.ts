import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createSecretToken } from '@tributary/auth';
import {
  loginCommand,
  refreshCommand,
  resetPasswordCommand,
  revocationsCommand,
  type SignedIn,
} from '@tributary/contracts/commands';
import { encodeId } from '@tributary/contracts/ids';
import type { Principal } from '@tributary/contracts/principal';
import { makeResetToken, suspendWorkspace, reactivateWorkspace } from '@tributary/subgraph-workspace';
import { startWorkspaceWorld } from './workspaceWorld.js';
import type { WorkspaceWorld } from './workspaceWorld.js';

let world: WorkspaceWorld;
beforeAll(async () => {
  world = await startWorkspaceWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const password = 'tributary-demo';
const signIn = (email: string, options: { password?: string; workspace?: string; userAgent?: string } = {}) =>
  world.command(loginCommand, { email, password, workspace: null, ...options });
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'uncoded',
  );
const refresh = (session: SignedIn, workspace?: string) =>
  world.command(refreshCommand, { refreshToken: session.refreshToken, ...(workspace ? { workspace } : {}) });
const sessionOf = async ({ accessToken }: SignedIn) => (await world.verifier.verify(accessToken)).sessionId!;
/** As the gateway knows who sends this access token. */
async function principalOf({ accessToken }: SignedIn): Promise<Principal> {
  const { principal, sessionId } = await world.verifier.verify(accessToken);
  return { ...principal, sessionId: sessionId! };
}
const revoked = async () =>
  (await world.command(revocationsCommand, { since: null, knownSuspended: null })).revocations
    .filter(({ kind }) => kind === 'session')
    .map(({ subject }) => subject);
const audited = async (action: string) =>
  (
    await world.superuser<{ slug: string; actor: string }>(
      'select w.slug from audit_entry a join workspace w using (workspace_id) where a.action = $1 order by w.slug',
      [action],
    )
  ).map(({ slug }) => slug);

/** Makes a person of acme a member of globex, too. */
async function joinGlobex(email: string): Promise<void> {
  await world.superuser(
    `insert into member (workspace_id, id, user_id, display_name, email, role)
     select $1, gen_random_uuid(), id, 'Both', email, 'VIEWER' from account where email = $2`,
    [world.workspaces.get('globex'), email],
  );
}

describe('tabs in different workspaces', () => {
  const email = 'operator@acme.example';
  beforeAll(() => joinGlobex(email));

  test('each refreshes for its own, one session long, and neither moves the other', async () => {
    const acme = await signIn(email, { workspace: 'acme' });
    const globex = await refresh(acme, 'globex');
    const acmeAgain = await refresh(globex, 'acme');
    const byId = await refresh(acmeAgain, globex.workspaceId);
    expect([globex.workspaceId, acmeAgain.workspaceId, byId.workspaceId]).toEqual([
      encodeId('ws', world.workspaces.get('globex')!),
      acme.workspaceId,
      globex.workspaceId,
    ]);
    expect((await world.verifier.verify(globex.accessToken)).principal).toMatchObject({
      workspaceId: world.workspaces.get('globex'),
      role: 'VIEWER',
    });
    expect(await sessionOf(globex)).toBe(await sessionOf(acme));
    expect((await refresh(byId)).workspaceId).toBe(acme.workspaceId);
    expect((await audited('session.open')).filter((slug) => slug === 'globex').length).toBeGreaterThanOrEqual(2);
  });

  test('two that refresh at once with the same token both get theirs', async () => {
    const session = await signIn(email, { workspace: 'acme' });
    const [left, right] = await Promise.all([refresh(session, 'acme'), refresh(session, 'globex')]);
    expect(left.refreshToken).toBe(right.refreshToken);
    expect(left.workspaceId).not.toBe(right.workspaceId);
  });

  test('a workspace that is not theirs, or is shut, spends nothing', async () => {
    const session = await signIn('viewer@acme.example');
    expect(await codeOf(refresh(session, 'globex'))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(refresh(session, 'no-such'))).toBe('RESOURCE_NOT_FOUND');
    expect(await codeOf(refresh(session))).toBe('done');
    const both = await signIn(email, { workspace: 'acme' });
    await suspendWorkspace(world.database, 'globex');
    expect(await codeOf(refresh(both, 'globex'))).toBe('INSUFFICIENT_PERMISSIONS');
    await suspendWorkspace(world.database, 'acme');
    await reactivateWorkspace(world.database, 'globex');
    expect(await codeOf(refresh(both, 'globex'))).toBe('done');
    await reactivateWorkspace(world.database, 'acme');
  });
});

describe('one’s own sessions', () => {
  const sessionsQuery = '{ viewer { sessions { id createdAt lastUsedAt userAgent current } } }';
  const revoke = 'mutation ($id: ID!) { revokeSession(input: { id: $id }) { session { id userAgent current } } }';

  test('the person sees them with what opened them, and which one is asking', async () => {
    await signIn('admin@acme.example', { userAgent: 'curl/8' });
    const browser = await signIn('admin@acme.example', { userAgent: 'Firefox' });
    const { data, codes } = await world.ask(await principalOf(browser), sessionsQuery);
    expect(codes).toEqual([]);
    expect(data.viewer.sessions).toMatchObject([
      { id: encodeId('sess', await sessionOf(browser)), userAgent: 'Firefox', current: true },
      { userAgent: 'curl/8', current: false },
    ]);
  });

  test('a refresh moves lastUsedAt', async () => {
    const session = await signIn('admin@globex.example');
    await world.superuser(`update session set last_used_at = now() - interval '1 hour' where id = $1`, [
      await sessionOf(session),
    ]);
    const refreshed = await refresh(session);
    const { data } = await world.ask(await principalOf(refreshed), sessionsQuery);
    expect(Date.now() - Date.parse(data.viewer.sessions[0].lastUsedAt)).toBeLessThan(60_000);
  });

  test('a revoked one is over at once, as often as it is said, and is gone from the list', async () => {
    const lost = await signIn('admin@acme.example', { userAgent: 'a lost phone' });
    const here = await principalOf(await signIn('admin@acme.example'));
    const id = encodeId('sess', await sessionOf(lost));
    for (let times = 0; times < 2; times += 1) {
      const { data } = await world.ask(here, revoke, { id });
      expect(data.revokeSession.session).toEqual({ id, userAgent: 'a lost phone', current: false });
    }
    expect(await codeOf(refresh(lost))).toBe('INVALID_CREDENTIALS');
    expect((await revoked()).filter((subject) => id.endsWith(subject))).toHaveLength(1);
    const { data } = await world.ask(here, sessionsQuery);
    expect(data.viewer.sessions.map((session: { id: string }) => session.id)).not.toContain(id);
  });

  test('somebody else’s is answered like one that does not exist', async () => {
    const theirs = await signIn('owner@acme.example');
    const here = await principalOf(await signIn('admin@acme.example'));
    for (const uuid of [await sessionOf(theirs), '01900000-0000-7000-8000-000000000000']) {
      const { codes } = await world.ask(here, revoke, { id: encodeId('sess', uuid) });
      expect(codes).toEqual(['RESOURCE_NOT_FOUND']);
    }
    expect(await codeOf(refresh(theirs))).toBe('done');
  });
});

describe('a new password', () => {
  const email = 'owner@globex.example';
  const next = 'correct horse battery staple';
  const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { changedAt } }';

  test('a wrong or a short one is refused, names the field, and after ten guesses nobody is listened to', async () => {
    const guesser = await principalOf(await signIn('viewer@globex.example'));
    const ask = (input: object) => world.ask(guesser, change, { input });
    expect((await ask({ current: password, next: 'short' })).codes).toEqual(['INVALID_INPUT']);
    for (let guesses = 0; guesses < 10; guesses += 1)
      expect((await ask({ current: `guess ${guesses}`, next })).codes).toEqual(['INVALID_INPUT']);
    expect((await ask({ current: password, next })).codes).toEqual(['RATE_LIMIT_EXCEEDED']);
    expect(await codeOf(signIn('viewer@globex.example'))).toBe('done');
  });

  test('ends every other session of the account, in all workspaces, and is told to each of them', async () => {
    await world.superuser(
      `insert into member (workspace_id, id, user_id, display_name, email, role)
       select $1, gen_random_uuid(), id, 'Both', email, 'VIEWER' from account where email = $2`,
      [world.workspaces.get('acme'), email],
    );
    const elsewhere = await signIn(email, { workspace: 'acme' });
    const beside = await signIn(email, { workspace: 'globex' });
    const here = await signIn(email, { workspace: 'globex' });
    const input = { current: password, next, idempotencyKey: 'once' };
    const first = await world.ask(await principalOf(here), change, { input });
    expect(first.codes).toEqual([]);
    const again = await world.ask(await principalOf(here), change, { input });
    expect(again).toEqual(first);
    for (const other of [elsewhere, beside]) {
      expect(await codeOf(refresh(other))).toBe('INVALID_CREDENTIALS');
      expect(await revoked()).toContain(await sessionOf(other));
    }
    expect(await codeOf(refresh(here))).toBe('done');
    expect(await revoked()).not.toContain(await sessionOf(here));
    expect(await audited('account.changePassword')).toEqual(['acme', 'globex']);
    expect(await codeOf(signIn(email))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(signIn(email, { password: next }))).toBe('done');
  });

  test('access tokens of a session that was left for another workspace are worthless, too', async () => {
    const person = { email: 'operator@acme.example', workspace: 'acme' };
    const left = await signIn(person.email, person);
    await world.superuser(`update session set ended_at = now(), end_reason = 'SWITCHED' where id = $1`, [
      await sessionOf(left),
    ]);
    const here = await signIn(person.email, person);
    await world.ask(await principalOf(here), change, { input: { current: password, next: password } });
    expect(await revoked()).toContain(await sessionOf(left));
  });

  test('nothing of a password is kept with the key of the call', async () => {
    const rows = await world.superuser<{ row: string }>('select idempotency_key::text as row from idempotency_key');
    expect(rows.length).toBeGreaterThan(0);
    for (const { row } of rows) expect(row).not.toMatch(/tributary-demo|correct horse/);
  });

  test('a key has no password', async () => {
    const principal = await world.person('OWNER');
    const key: Principal = {
      ...principal,
      actor: { kind: 'apiKey', id: principal.workspaceId },
      scopes: ['flow.read'],
    };
    expect((await world.ask(key, change, { input: { current: password, next } })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
    expect((await world.ask(key, '{ viewer { sessions { id } } }')).data).toEqual({ viewer: { sessions: null } });
  });
});

describe('one’s own name', () => {
  const rename =
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id displayName email } } }';
  const me = '{ viewer { user { displayName } workspace { members(first: 10) { nodes { user { displayName } } } } } }';

  test('is another from then on for colleagues here, and for nobody elsewhere', async () => {
    const email = 'viewer@acme.example';
    await joinGlobex(email);
    const here = await principalOf(await signIn(email, { workspace: 'acme' }));
    const elsewhere = await principalOf(await signIn(email, { workspace: 'globex' }));
    const input = { displayName: '  Vera of the night shift ', idempotencyKey: 'renamed' };
    const first = await world.ask(here, rename, { input });
    expect(first).toMatchObject({
      codes: [],
      data: { updateProfile: { user: { displayName: 'Vera of the night shift', email } } },
    });
    expect(await world.ask(here, rename, { input })).toEqual(first);
    const { data } = await world.ask(here, me);
    expect(data.viewer.user.displayName).toBe('Vera of the night shift');
    expect(
      data.viewer.workspace.members.nodes.map((member: { user: { displayName: string } }) => member.user.displayName),
    ).toContain('Vera of the night shift');
    expect((await world.ask(elsewhere, me)).data.viewer.user.displayName).toBe('Both');
    expect(await audited('account.updateProfile')).toEqual(['acme']);
  });

  test('is not empty, has 100 characters at most, and is a person’s', async () => {
    const here = await principalOf(await signIn('viewer@acme.example', { workspace: 'acme' }));
    for (const displayName of ['  ', 'x'.repeat(101)])
      expect((await world.ask(here, rename, { input: { displayName } })).codes).toEqual(['INVALID_INPUT']);
    const principal = await world.person('OWNER');
    const key: Principal = {
      ...principal,
      actor: { kind: 'apiKey', id: principal.workspaceId },
      scopes: ['flow.read'],
    };
    expect((await world.ask(key, rename, { input: { displayName: 'Key' } })).codes).toEqual([
      'INSUFFICIENT_PERMISSIONS',
    ]);
  });
});

describe('a link for a new password', () => {
  const email = 'admin@acme.example';
  const next = 'another password altogether';
  const spend = (token: string, newPassword = next) =>
    world.command(resetPasswordCommand, { token, password: newPassword });

  test('is good once, ends all sessions, signs in, and is told to the workspaces', async () => {
    const before = await signIn(email);
    const { token } = await makeResetToken(world.database, ' Admin@ACME.example ');
    expect(await codeOf(spend(token, 'short'))).toBe('INVALID_INPUT');
    const signedIn = await spend(token);
    expect((await world.verifier.verify(signedIn.accessToken)).principal).toMatchObject({ role: 'ADMIN' });
    expect(await codeOf(spend(token))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(refresh(before))).toBe('INVALID_CREDENTIALS');
    expect(await revoked()).toContain(await sessionOf(before));
    expect(await codeOf(signIn(email))).toBe('INVALID_CREDENTIALS');
    expect(await codeOf(signIn(email, { password: next }))).toBe('done');
    expect([await audited('account.resetLink'), await audited('account.resetPassword')]).toEqual([['acme'], ['acme']]);
  });

  test('is worth nothing after 60 minutes, after the next one, and after the password was changed', async () => {
    const first = await makeResetToken(world.database, email);
    const second = await makeResetToken(world.database, email);
    expect(await codeOf(spend(first.token))).toBe('INVALID_CREDENTIALS');
    const [row] = await world.superuser<{ minutes: number }>(
      'select extract(epoch from reset_expires_at - now())::float / 60 as minutes from account where email = $1',
      [email],
    );
    expect(row!.minutes).toBeGreaterThan(59);
    expect(row!.minutes).toBeLessThanOrEqual(60);
    await world.superuser('update account set reset_expires_at = now() where email = $1', [email]);
    expect(await codeOf(spend(second.token))).toBe('INVALID_CREDENTIALS');
    const third = await makeResetToken(world.database, email);
    const here = await principalOf(await signIn(email, { password: next }));
    const change = 'mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { changedAt } }';
    expect((await world.ask(here, change, { input: { current: next, next: password } })).codes).toEqual([]);
    expect(await codeOf(spend(third.token))).toBe('INVALID_CREDENTIALS');
  });

  test('for an e-mail that nobody has looks like any, and opens nothing', async () => {
    const { token } = await makeResetToken(world.database, 'nobody@acme.example');
    expect(token).toHaveLength(createSecretToken().token.length);
    expect(await codeOf(spend(token))).toBe('INVALID_CREDENTIALS');
  });
});
