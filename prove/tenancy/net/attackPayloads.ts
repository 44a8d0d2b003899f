import { bodyHash, contextHeader, parseGatewaySecrets, signContext } from '@tributary/auth';
import { deliveryPart } from '@tributary/contracts/commands';
import { systemPrincipal, type Principal } from '@tributary/contracts/principal';
import { send, type HttpAnswer } from '@tributary/kit/client';
import { canariesIn, letterOf } from '../world/canaries.ts';
import type { Person } from '../world/people.ts';
import type { World } from '../world/World.ts';
import type { Net } from './Net.ts';
import type { Template } from './templates.ts';
import { makeValue } from './values.ts';

const colleagues = 'subscription { flowUpdates { flow { name createdBy { ... on User { email displayName } } } } }';

/** The page form of each stream, whose cursors say where a webhook of it stands. */
const pageOf: Readonly<Record<string, string>> = {
  flowUpdates: 'Query.flowEvents',
  alertUpdates: 'Query.alertEvents',
  webhookUpdates: 'Query.webhookEvents',
  flowProgress: 'Query.flowProgressEvents',
};

interface Registered {
  readonly document: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/**
 * What a webhook of A is sent, for documents that ask for each field of each stream, and for owners of each role: what such a person would
 * see, and nothing for one of B. Nobody but the part that delivers gets it.
 */
export async function attackPayloads(net: Net): Promise<void> {
  const { a, b } = net.worlds;
  const id = a.ids['hook']![0]!.slice('hook_'.length);
  const input = { webhookId: id, after: placeOf(a, 'flowUpdates'), first: 100 };
  const people = a.people.everybody.filter(({ principal }) => principal !== null);
  const viewer = people.find(({ name }) => name === 'VIEWER')!;
  const written = await net.admin.query('select document, variables, owner_kind, owner_id from webhook where id = $1', [
    id,
  ]);
  const write = ({ document, variables }: Registered, owner: { readonly kind: string; readonly id: string }) =>
    net.admin.query('update webhook set document = $2, variables = $3, owner_kind = $4, owner_id = $5 where id = $1', [
      id,
      document,
      variables,
      owner.kind,
      owner.id,
    ]);
  const read = async (where: string, registered: Registered, owner: Person, root: string): Promise<string> => {
    await write(registered, actorOf(owner));
    const from = { ...input, after: placeOf(a, root) };
    const answer = await deliver(net, systemPrincipal(a.people.workspaceId, deliveryPart), from);
    net.judge.checkSeen(where, answer, JSON.stringify([from, registered]), owner.principal);
    return answer.text;
  };
  try {
    for (const template of net.templates.filter(({ kind, root }) => kind === 'subscription' && root in pageOf))
      await read(`${template.target} sent to a webhook of VIEWER`, registeredOf(net, template), viewer, template.root);
    const known = { document: colleagues, variables: {} };
    for (const person of people) {
      const text = await read(`flowUpdates sent to a webhook of ${person.name}`, known, person, 'flowUpdates');
      if (!canariesIn(text).some((canary) => letterOf(canary) === 'a'))
        throw new Error(
          `A webhook of ${person.name} is sent nothing of A: the attack proves nothing. ${text.slice(0, 300)}`,
        );
    }
    for (const principal of [
      systemPrincipal(a.people.workspaceId, 'leak net'),
      ...people.map((each) => each.principal!),
    ]) {
      const { status, text } = await deliver(net, principal, input);
      if (status === 200) net.judge.report('authority', 'pages of a webhook for who does not deliver', text);
    }
    await write(known, actorOf(b.people.owner));
    const { text } = await deliver(net, systemPrincipal(a.people.workspaceId, deliveryPart), input);
    if (!text.includes('"ownerGone"')) net.judge.report('authority', 'a webhook of A that B owns', text);
  } finally {
    const [row] = written.rows as {
      document: string;
      variables: Record<string, unknown>;
      owner_kind: string;
      owner_id: string;
    }[];
    await write(row!, { kind: row!.owner_kind, id: row!.owner_id });
  }
}

/** Early in the stream, as A itself has read it. */
function placeOf({ cursors }: World, root: string): string {
  const [cursor] = cursors.get(pageOf[root]!) ?? [];
  if (cursor === undefined)
    throw new Error(`A has read no cursor of ${pageOf[root]}, behind which its webhook could stand.`);
  return cursor;
}

function registeredOf(net: Net, { document, places }: Template): Registered {
  const variables = places
    .filter(({ isRequired }) => isRequired)
    .map(({ variable, type, coordinate }) => [
      variable,
      makeValue(type, coordinate, { world: net.worlds.a, present: () => false, random: net.random }),
    ]);
  return { document, variables: Object.fromEntries(variables) as Record<string, unknown> };
}

function actorOf({ principal }: Person): { readonly kind: string; readonly id: string } {
  const { actor } = principal!;
  return actor as Extract<typeof actor, { readonly id: string }>;
}

async function deliver(net: Net, principal: Principal, input: object): Promise<HttpAnswer> {
  const body = JSON.stringify(input);
  const token = signContext(principal, {
    audience: 'commands:gateway',
    requestId: crypto.randomUUID(),
    bodySha256: bodyHash(body),
    secrets: parseGatewaySecrets(net.secrets.gatewaySecret),
  });
  net.counts.probes += 1;
  net.counts.requests += 1;
  return send(
    'POST',
    `${net.cluster.originOf('gateway')}/internal/deliver`,
    { 'content-type': 'application/json', [contextHeader]: token },
    body,
  );
}
