import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashSecretToken } from '@tributary/auth';
import { loginCommand, refreshCommand } from '@tributary/contracts/commands';
import { deleteOldSessions } from '../src/domain/deleteOldSessions.js';
import { startWorkspaceKit } from './workspaceKit.js';
import type { WorkspaceKit } from './workspaceKit.js';

let kit: WorkspaceKit;
beforeAll(async () => {
  kit = await startWorkspaceKit();
});
afterAll(async () => {
  await kit[Symbol.asyncDispose]();
});

const login = () =>
  kit.command(loginCommand, { email: 'owner@acme.example', password: 'tributary-demo', workspace: null });
const count = async (table: string) => {
  const [row] = await kit.superuser<{ n: number }>(`select count(*)::int as n from ${table}`);
  return row!.n;
};

test('expired refresh tokens go, sessions go with their last one, and a session in use stays', async () => {
  const [gone, half] = [await login(), await login()];
  const kept = await kit.command(refreshCommand, { refreshToken: half.refreshToken });
  await kit.superuser(`update refresh_token set expires_at = now() - interval '1 minute' where token_hash = any ($1)`, [
    [gone, half].map(({ refreshToken }) => hashSecretToken(refreshToken)),
  ]);
  expect([await count('session'), await count('refresh_token')]).toEqual([2, 3]);
  await deleteOldSessions(kit.database);
  expect([await count('session'), await count('refresh_token')]).toEqual([1, 1]);
  await kit.command(refreshCommand, { refreshToken: kept.refreshToken });
  await expect(kit.command(refreshCommand, { refreshToken: gone.refreshToken })).rejects.toMatchObject({
    code: 'INVALID_CREDENTIALS',
  });
});
