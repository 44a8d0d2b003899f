import { execFile } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { askGateway, postJson, signIn } from '@tributary/kit/client';
import { finding, type Finding } from './Finding.ts';
import type { Asking, ProofWorld } from './ProofWorld.ts';

/** Of each group, and events that each webhook holds: 17 of theirs wait to be tried again. */
const [each, events] = [10, 17];
const graceMs = 2_000;
const groups = ['key', 'role', 'workspace', 'nothing'] as const;
type Group = (typeof groups)[number];
/** Of whoever began the flow: seen by ADMIN, masked for VIEWER. */
const shown = 'owner@acme.example';
const document =
  'subscription { flowUpdates(filter: { kind: ["rights"] }) { type sequence flow { name createdBy { ... on User { email } } } } }';
const password = 'a-password-of-proofs';

/**
 * While 500 retries wait, a key is revoked, a person’s role lowered, a workspace suspended; nothing happens to a fourth group, whose
 * retries must arrive. Then everything falls due.
 */
export async function proveRights(world: ProofWorld): Promise<Finding> {
  const { createApiKey: key } = await world.acme.ask(
    'mutation { createApiKey(input: { name: "hooks", scopes: ["flow.read", "member.read", "webhook.read", "webhook.write"] }) { secret apiKey { id } } }',
  );
  const admin = await newAdmin(world);
  const owners: Record<Group, Asking> = {
    key: world.asKey(key.secret),
    role: admin.asking,
    workspace: world.globex,
    nothing: world.acme,
  };
  for (const group of groups)
    for (let number = 0; number < each; number += 1)
      await world.webhook(`${group}-${number}`, { document, ordering: 'NONE' }, owners[group]);
  world.receiver.answer = () => ({ status: 422 });
  await Promise.all([world.happen('rights', events), world.happen('rights', events, world.globex)]);
  const waiting = async () =>
    Number((await world.query('select sum(jsonb_array_length(waiting)) as n from webhook_position'))[0]!['n']);
  const all = groups.length * each * events;
  await world.until('all wait to be tried again', async () => (await waiting()) >= all);
  const sawBefore = received(world, 'role').filter(({ text }) => text.includes(shown)).length;

  const lostAt = {} as Record<Group, number>;
  await suspend(world);
  lostAt.workspace = Date.now();
  await world.acme.ask('mutation ($id: ID!) { revokeApiKey(input: { id: $id }) { apiKey { id } } }', {
    id: key.apiKey.id,
  });
  lostAt.key = Date.now();
  await world.acme.ask(
    'mutation ($userId: ID!) { setMemberRole(input: { userId: $userId, role: VIEWER }) { member { role } } }',
    { userId: admin.userId },
  );
  lostAt.role = Date.now();
  lostAt.nothing = Infinity;
  world.receiver.answer = () => ({ status: 200 });
  await delay(graceMs / 2);
  // Whatever may still be sent has its chance while it may, and behind it.
  await world.pass(20 * 60_000);
  const taken = () => received(world, 'nothing').length - each * events;
  await world.until('the retries of the others arrived', () => taken() >= each * events).catch(() => undefined);
  // Whoever sent all that it had just before its owner was lost finds that out with what happens next. In a suspended workspace nothing does.
  await world.happen('rights', 1);
  const unpaused = () =>
    world.query(
      `select w.name, w.status, w.status_reason, p.active, p.seq, p.attempt, p.lease_until - now() as lease, p.next_attempt_at - now() as wait,
         jsonb_array_length(p.waiting) as waiting
       from webhook w join webhook_position p on p.workspace_id = w.workspace_id and p.webhook_id = w.id
       where p.replay_id = '00000000-0000-0000-0000-000000000000' and (w.name ~ '^key-' or (w.name ~ '^workspace-' and p.waiting <> '[]'))
         and w.status_reason is distinct from 'OWNER_GONE'`,
    );
  // Whose owner could not be asked about, because the machine was busy, is asked about again later.
  for (let minute = 0; minute < 6 && (await unpaused()).length > 0; minute += 1) {
    await world.pass(60_000);
    await world.until('all are paused', async () => (await unpaused()).length === 0, 10_000).catch(() => undefined);
  }
  await delay(3_000);
  const left = await unpaused();
  const late = (group: Group) => received(world, group).filter(({ at }) => at > lostAt[group] + graceMs);
  const leaked = late('role').filter(({ text }) => text.includes(shown)).length;
  return finding(
    `${all} retries waited; behind ${graceMs / 1_000} s: key revoked ${late('key').length}, workspace suspended ${late('workspace').length}, ` +
      `role lowered ${leaked} with what it may not see (of ${late('role').length}; before ${sawBefore}); nothing changed: ${taken()} of ${each * events} arrived` +
      (left.length === 0 ? '' : `; not paused: ${left.length}, such as ${JSON.stringify(left[0])}`),
    {
      'nothing for a revoked key': late('key').length === 0,
      'nothing for a suspended workspace': late('workspace').length === 0,
      'nothing that a lowered role may not see': sawBefore > 0 && leaked === 0,
      'those without an owner are paused': left.length === 0,
      'the others go on': taken() >= each * events,
    },
  );
}

function received(world: ProofWorld, group: Group) {
  return world.receiver.received.filter(({ name }) => name.startsWith(`${group}-`));
}

async function newAdmin(world: ProofWorld): Promise<{ readonly userId: string; readonly asking: Asking }> {
  const { origin } = world.system;
  const email = 'admin@proof.example';
  const { inviteMember } = await world.acme.ask(
    'mutation ($email: String!) { inviteMember(input: { email: $email, role: ADMIN }) { token } }',
    { email },
  );
  const accepted = await postJson(`${origin}/auth/accept`, { token: inviteMember.token, password }, {});
  if (accepted.status !== 200) throw new Error(`The invitation was refused: ${accepted.text}`);
  const { accessToken } = await signIn(origin, email, password);
  const headers = { authorization: `Bearer ${accessToken}` };
  const asking: Asking = { ask: (query, variables) => askGateway(origin, headers, query, variables) };
  const { viewer } = await asking.ask('{ viewer { user { id } } }');
  return { userId: viewer.user.id as string, asking };
}

/** As its operator does. */
async function suspend(world: ProofWorld): Promise<void> {
  await promisify(execFile)(process.execPath, ['scripts/admin.mjs', 'suspend-workspace', '--slug', 'globex'], {
    env: { ...process.env, TRIBUTARY_DATA: world.dataFolder },
  });
}
