import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hashSecretToken } from '@tributary/auth';
import { loginCommand, refreshCommand } from '@tributary/contracts/commands';
import { keepHouse } from '../src/domain/keepHouse.js';
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
  await keepHouse(kit.database, 168);
  expect([await count('session'), await count('refresh_token')]).toEqual([1, 1]);
  await kit.command(refreshCommand, { refreshToken: kept.refreshToken });
  await expect(kit.command(refreshCommand, { refreshToken: gone.refreshToken })).rejects.toMatchObject({
    code: 'INVALID_CREDENTIALS',
  });
});

test('idempotency keys go after 24 hours, in every workspace and in any number; younger ones stay', async () => {
  await kit.superuser(
    `insert into idempotency_key (workspace_id, principal, field, key, input_hash, created_at)
     select w, 'user:x', 'renameAsset', n::text, '', now() - make_interval(hours => case when n <= 2500 then 25 else 23 end)
     from unnest($1::uuid[]) w, generate_series(1, 2510) n`,
    [[...kit.workspaces.values()]],
  );
  await Promise.all([keepHouse(kit.database, 168), keepHouse(kit.database, 168)]);
  await keepHouse(kit.database, 168);
  expect(await count('idempotency_key')).toBe(10 * kit.workspaces.size);
});

test('events end their replay after the hours that are set', async () => {
  const workspaceId = kit.workspaces.get('acme')!;
  await kit.superuser(`insert into stream_head (workspace_id, stream_id, last_seq) values ($1, 'alerts', 3)`, [
    workspaceId,
  ]);
  await kit.superuser(
    `insert into event (workspace_id, stream_id, seq, event_id, type, payload, at)
     select $1, 'alerts', n, gen_random_uuid(), 'tick', '{}', now() - make_interval(hours => 12 - 4 * n) from generate_series(1, 3) n`,
    [workspaceId],
  );
  const minimum = async () => {
    const [row] = await kit.superuser<{ min: number }>(
      `select min_seq::int as min from stream_head where stream_id = 'alerts'`,
    );
    return row!.min;
  };
  await keepHouse(kit.database, 9);
  expect(await minimum()).toBe(1);
  await keepHouse(kit.database, 6);
  expect(await minimum()).toBe(2);
});
