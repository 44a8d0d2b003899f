import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { hashSecretToken } from '@tributary/auth';
import {
  loginCommand,
  logoutCommand,
  refreshCommand,
  revocationsCommand,
  switchWorkspaceCommand,
  verifiedSignInCommand,
} from '@tributary/contracts/commands';
import { encodeId } from '@tributary/contracts/ids';
import { reactivateWorkspace, suspendWorkspace } from '@tributary/subgraph-workspace';
import { startWorkspaceWorld } from './workspaceWorld.js';
import type { WorkspaceWorld } from './workspaceWorld.js';

let world: WorkspaceWorld;
beforeAll(async () => {
  world = await startWorkspaceWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const owner = { email: 'owner@acme.example', password: 'tributary-demo', workspace: null };
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: { code?: string }) => error.code ?? 'uncoded',
  );
const login = () => world.command(loginCommand, owner);
const refresh = (refreshToken: string) => world.command(refreshCommand, { refreshToken });

/** Lets time pass for one refresh token. */
async function age(refreshToken: string, seconds: number): Promise<void> {
  await world.superuser(
    `update refresh_token set rotated_at = rotated_at - make_interval(secs => $2) where token_hash = $1`,
    [hashSecretToken(refreshToken), seconds],
  );
}

describe('signing in', () => {
  test('gives an access token for the workspace and role, and names the workspaces', async () => {
    const signedIn = await login();
    const { principal } = await world.verifier.verify(signedIn.accessToken);
    expect(principal).toEqual(await world.person('OWNER'));
    expect(signedIn.workspaceId).toBe(encodeId('ws', world.workspaces.get('acme')!));
    expect(signedIn.workspaces).toEqual([
      { id: signedIn.workspaceId, slug: 'acme', name: 'Acme Corporation', role: 'OWNER' },
    ]);
    expect(signedIn.expiresInSeconds).toBe(1800);
    expect(signedIn.refreshExpiresInSeconds).toBe(604_800);
  });

  test('the e-mail may be written in any case', async () => {
    expect(await codeOf(world.command(loginCommand, { ...owner, email: ' Owner@ACME.example ' }))).toBe('done');
  });

  test('a wrong password and an unknown e-mail are refused alike', async () => {
    const answers = await Promise.all(
      [
        { ...owner, password: 'wrong-password' },
        { ...owner, email: 'nobody@acme.example' },
        { ...owner, email: "x' or '1'='1" },
      ].map((input) =>
        world
          .command(loginCommand, input)
          .catch((error: { code: string; message: string }) => [error.code, error.message]),
      ),
    );
    for (const answer of answers)
      expect(answer).toEqual(['INVALID_CREDENTIALS', 'The e-mail or the password is wrong.']);
  });

  test('whoever an issuer vouches for enters by their e-mail, if they have an account', async () => {
    const entered = await world.command(verifiedSignInCommand, { email: 'Owner@acme.example' });
    expect((await world.verifier.verify(entered.accessToken)).principal).toEqual(await world.person('OWNER'));
    expect(await codeOf(world.command(verifiedSignInCommand, { email: 'nobody@acme.example' }))).toBe(
      'INVALID_CREDENTIALS',
    );
  });

  test('somebody else’s workspace is answered like one that does not exist', async () => {
    const answer = (workspace: string) =>
      world
        .command(loginCommand, { ...owner, workspace })
        .catch((error: { code: string; message: string }) => [error.code, error.message]);
    expect(await answer('globex')).toEqual(await answer('no-such'));
    expect((await answer('globex'))[0 as never]).toBe('RESOURCE_NOT_FOUND');
  });

  test('takes one lookup for the account, one for its workspaces and one transaction', async () => {
    await login();
    world.statements.length = 0;
    await login();
    expect(world.statements).toEqual([
      'lookup.sign_in_account',
      'lookup.workspaces_of_account',
      'workspace.holdRole',
      'workspace.openSession',
      'audit.append',
      'lookup.note_workspace_used',
    ]);
  });

  test('nothing that signs in is stored as it is', async () => {
    const { refreshToken } = await login();
    const [counts] = await world.superuser<{ found: string }>(
      `select count(*) as found from refresh_token t where t::text like '%' || $1 || '%'`,
      [refreshToken],
    );
    expect(Number(counts!.found)).toBe(0);
    const [account] = await world.superuser<{ password_hash: string }>(
      `select password_hash from account where email = 'owner@acme.example'`,
    );
    expect(account!.password_hash).toMatch(/^\$argon2id\$/);
  });
});

describe('staying signed in', () => {
  test('each refresh gives another token of the same session', async () => {
    const first = await login();
    const second = await refresh(first.refreshToken);
    const third = await refresh(second.refreshToken);
    expect(new Set([first.refreshToken, second.refreshToken, third.refreshToken]).size).toBe(3);
    const sessions = await Promise.all(
      [first, second, third].map(async ({ accessToken }) => (await world.verifier.verify(accessToken)).sessionId),
    );
    expect(new Set(sessions).size).toBe(1);
  });

  test('a lost answer, or two tabs at once, get the same successor and nobody is signed out', async () => {
    const first = await login();
    const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(first.refreshToken)));
    expect(new Set(answers.map((answer) => answer.refreshToken)).size).toBe(1);
    const again = await refresh(first.refreshToken);
    expect(again.refreshToken).toBe(answers[0]!.refreshToken);
    expect(await codeOf(refresh(again.refreshToken))).toBe('done');
  });

  test('a token that comes back after the grace ends the whole session and tells the gateways', async () => {
    const first = await login();
    const second = await refresh(first.refreshToken);
    await age(first.refreshToken, 11);
    await expect(refresh(first.refreshToken)).rejects.toMatchObject({
      code: 'INVALID_CREDENTIALS',
      details: { reason: 'REFRESH_TOKEN_REUSED' },
    });
    expect(await codeOf(refresh(second.refreshToken))).toBe('INVALID_CREDENTIALS');
    const { sessionId } = await world.verifier.verify(second.accessToken);
    const { revocations } = await world.command(revocationsCommand, { since: null, knownSuspended: null });
    expect(revocations).toContainEqual(expect.objectContaining({ kind: 'session', subject: sessionId }));
  });

  test('just inside the grace nobody is signed out', async () => {
    const first = await login();
    const second = await refresh(first.refreshToken);
    await age(first.refreshToken, 8);
    expect((await refresh(first.refreshToken)).refreshToken).toBe(second.refreshToken);
  });

  test('a session that nobody refreshed for 7 days is over', async () => {
    const { refreshToken } = await login();
    await world.superuser(`update refresh_token set expires_at = now() - interval '1 second' where token_hash = $1`, [
      hashSecretToken(refreshToken),
    ]);
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_CREDENTIALS');
  });

  test('what is no refresh token is refused, an access token included', async () => {
    const { accessToken } = await login();
    for (const text of ['x', 'a'.repeat(43), accessToken, '\u0000'])
      expect(await codeOf(refresh(text))).toBe('INVALID_CREDENTIALS');
  });

  test('a refresh takes the role that the person has now', async () => {
    const viewer = { email: 'viewer@globex.example', password: 'tributary-demo', workspace: null };
    const signedIn = await world.command(loginCommand, viewer);
    await world.superuser(`update member set role = 'OPERATOR' where email = 'viewer@globex.example'`);
    const refreshed = await refresh(signedIn.refreshToken);
    expect((await world.verifier.verify(refreshed.accessToken)).principal.role).toBe('OPERATOR');
    await world.superuser(`update member set role = 'VIEWER' where email = 'viewer@globex.example'`);
  });

  test('a suspended workspace lets nobody in and keeps nobody in', async () => {
    const input = { email: 'admin@globex.example', password: 'tributary-demo', workspace: null };
    const signedIn = await world.command(loginCommand, input);
    await suspendWorkspace(world.database, 'globex');
    const shut = { code: 'INSUFFICIENT_PERMISSIONS', details: { reason: 'WORKSPACE_SUSPENDED' } };
    await expect(refresh(signedIn.refreshToken)).rejects.toMatchObject(shut);
    for (const workspace of [null, 'globex'])
      await expect(world.command(loginCommand, { ...input, workspace })).rejects.toMatchObject(shut);
    await reactivateWorkspace(world.database, 'globex');
    expect(await codeOf(refresh(signedIn.refreshToken))).toBe('done');
  });
});

describe('signing out and switching', () => {
  test('logout ends the session, once and for all, and never complains', async () => {
    const { refreshToken, accessToken } = await login();
    expect(await codeOf(world.command(logoutCommand, { refreshToken }))).toBe('done');
    expect(await codeOf(world.command(logoutCommand, { refreshToken }))).toBe('done');
    expect(await codeOf(world.command(logoutCommand, { refreshToken: 'unknown' }))).toBe('done');
    expect(await codeOf(refresh(refreshToken))).toBe('INVALID_CREDENTIALS');
    const { sessionId } = await world.verifier.verify(accessToken);
    const { revocations } = await world.command(revocationsCommand, { since: null, knownSuspended: null });
    expect(revocations.filter(({ subject }) => subject === sessionId)).toHaveLength(1);
  });

  test('a person of two workspaces switches between them, and login goes to the last used', async () => {
    const workspaceId = world.workspaces.get('globex')!;
    const [account] = await world.superuser<{ id: string }>(
      `select id from account where email = 'operator@acme.example'`,
    );
    await world.superuser(
      `insert into member (workspace_id, id, user_id, display_name, email, role) values ($1, gen_random_uuid(), $2, 'Oscar', 'operator@acme.example', 'VIEWER')`,
      [workspaceId, account!.id],
    );
    const input = { email: 'operator@acme.example', password: 'tributary-demo', workspace: 'acme' };
    const acme = await world.command(loginCommand, input);
    expect(acme.workspaces.map(({ slug, role }) => [slug, role])).toEqual([
      ['acme', 'OPERATOR'],
      ['globex', 'VIEWER'],
    ]);
    const globex = await world.command(switchWorkspaceCommand, {
      refreshToken: acme.refreshToken,
      workspace: 'globex',
    });
    expect((await world.verifier.verify(globex.accessToken)).principal).toMatchObject({ workspaceId, role: 'VIEWER' });
    expect(await codeOf(refresh(acme.refreshToken))).toBe('INVALID_CREDENTIALS');
    expect((await world.command(loginCommand, { ...input, workspace: null })).workspaceId).toBe(
      encodeId('ws', workspaceId),
    );
    const byId = await world.command(switchWorkspaceCommand, {
      refreshToken: globex.refreshToken,
      workspace: acme.workspaceId,
    });
    expect(byId.workspaceId).toBe(acme.workspaceId);
    const answer = await world.ask(
      await world.person('OPERATOR'),
      '{ viewer { workspaces { slug members { totalCount } } } }',
    );
    expect(answer.data.viewer.workspaces).toEqual([
      { slug: 'acme', members: { totalCount: 4 } },
      { slug: 'globex', members: null },
    ]);
    expect(answer.codes).toEqual(['INSUFFICIENT_PERMISSIONS']);
    await world.superuser(`delete from member where workspace_id = $1 and user_id = $2`, [workspaceId, account!.id]);
  });

  test('nobody switches to a workspace that is not theirs', async () => {
    const { refreshToken } = await login();
    expect(await codeOf(world.command(switchWorkspaceCommand, { refreshToken, workspace: 'globex' }))).toBe(
      'RESOURCE_NOT_FOUND',
    );
    expect(await codeOf(refresh(refreshToken))).toBe('done');
  });
});
