import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashSecretToken } from '@tributary/auth';
import { loginCommand, refreshCommand } from '@tributary/contracts/commands';
import { deleteOldSessions } from '../src/domain/deleteOldSessions.js';
import { startWorkspaceWorld } from './workspaceWorld.js';
import type { WorkspaceWorld } from './workspaceWorld.js';

let world: WorkspaceWorld;
beforeAll(async () => {
  world = await startWorkspaceWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

const login = () =>
  world.command(loginCommand, { email: 'owner@acme.example', password: 'tributary-demo', workspace: null });
const count = async (table: string) => {
  const [row] = await world.superuser<{ n: number }>(`select count(*)::int as n from ${table}`);
  return row!.n;
};

test('expired refresh tokens go, sessions go with their last one, and a session in use stays', async () => {
  const [gone, half] = [await login(), await login()];
  const kept = await world.command(refreshCommand, { refreshToken: half.refreshToken });
  await world.superuser(
    `update refresh_token set expires_at = now() - interval '1 minute' where token_hash = any ($1)`,
    [[gone, half].map(({ refreshToken }) => hashSecretToken(refreshToken))],
  );
  expect([await count('session'), await count('refresh_token')]).toEqual([2, 3]);
  await deleteOldSessions(world.database);
  expect([await count('session'), await count('refresh_token')]).toEqual([1, 1]);
  await world.command(refreshCommand, { refreshToken: kept.refreshToken });
  await expect(world.command(refreshCommand, { refreshToken: gone.refreshToken })).rejects.toMatchObject({
    code: 'INVALID_CREDENTIALS',
  });
});
