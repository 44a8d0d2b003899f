import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { presentPrincipalCommand } from '@tributary/contracts/commands';
import { decodeId, encodeId } from '@tributary/contracts/ids';
import { systemPrincipal } from '@tributary/contracts/principal';
import type { Principal } from '@tributary/contracts/principal';
import { requestOf } from '@tributary/kit/world';
import { reactivateWorkspace, suspendWorkspace } from '@tributary/subgraph-workspace';
import { startWorkspaceWorld } from './workspaceWorld.js';
import type { WorkspaceWorld } from './workspaceWorld.js';

let world: WorkspaceWorld;
let owner: Principal;

beforeAll(async () => {
  world = await startWorkspaceWorld();
  owner = await world.person('OWNER');
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

/** What somebody may do now, as it is asked before anything is sent to a receiver outside. */
const now = (kind: 'user' | 'apiKey', id: string) =>
  world.subgraph.commands.run(
    'workspace',
    presentPrincipalCommand.name,
    { kind, id },
    requestOf(systemPrincipal(owner.workspaceId, 'gateway')),
  ) as Promise<Principal | null>;
const idOf = ({ actor }: Principal) => (actor as { readonly id: string }).id;

test('a role that is lowered, and a member who is gone, count at once for what is sent outside', async () => {
  const id = idOf(await world.person('OPERATOR'));
  expect(await now('user', id)).toMatchObject({ role: 'OPERATOR', scopes: null });
  const userId = encodeId('user', id);
  await world.ask(owner, 'mutation ($i: SetMemberRoleInput!) { setMemberRole(input: $i) { member { role } } }', {
    i: { userId, role: 'VIEWER' },
  });
  expect(await now('user', id)).toMatchObject({ role: 'VIEWER' });
  await world.ask(owner, 'mutation ($i: RemoveMemberInput!) { removeMember(input: $i) { __typename } }', {
    i: { userId },
  });
  expect(await now('user', id)).toBeNull();
});

test('a key that is revoked, and a workspace that is suspended, have nothing sent any more', async () => {
  const { data } = await world.ask(
    owner,
    'mutation { createApiKey(input: { name: "hooks", scopes: ["flow.read"] }) { apiKey { id } } }',
  );
  const { id } = data.createApiKey.apiKey;
  const { uuid } = decodeId(id as string);
  expect(await now('apiKey', uuid)).toMatchObject({ scopes: ['flow.read'] });
  await suspendWorkspace(world.database, 'acme');
  expect(await now('apiKey', uuid)).toBeNull();
  expect(await now('user', idOf(owner))).toBeNull();
  await reactivateWorkspace(world.database, 'acme');
  expect(await now('apiKey', uuid)).not.toBeNull();
  await world.ask(owner, 'mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }', { id });
  expect(await now('apiKey', uuid)).toBeNull();
});
