import { createHash } from 'node:crypto';
import { askGateway, sendOperation, type HttpAnswer } from '@tributary/kit/client';
import { canariesIn } from '../world/canaries.ts';
import type { Person } from '../world/people.ts';
import { compare, givenCoordinates, leavesOf, type Leaf } from './attackQueries.ts';
import { checkAuthority } from './authority.ts';
import { inParallel, type Net } from './Net.ts';
import { note } from './readRightfully.ts';
import { coordinatesOf, walkAnswer, type Template } from './templates.ts';
import { twinOf } from './twin.ts';
import { makeValue } from './values.ts';

interface Recipe {
  /** What must stand in the input for the mutation to come as far as looking for what it names. */
  readonly fixed?: Readonly<Record<string, unknown>>;
  /** Whether it names nothing that must exist, so that it succeeds in the attacker's own workspace: each of many things is refused by itself. */
  readonly creates?: boolean;
  /** Whether its payload shows what others change, too: what a foreign key has left is put back, so that a replay of before shows the same. */
  readonly putBack?: boolean;
}

/** How each mutation is made to work. A mutation that is new needs a line here. */
const recipes: Readonly<Record<string, Recipe>> = {
  acknowledgeAlert: {},
  acknowledgeAlerts: { creates: true },
  approveFieldMappings: {},
  assignAlert: {},
  cancelFlow: {},
  changePassword: {},
  commentOnAlert: {},
  createAlertRule: { creates: true },
  createAlertSilence: { creates: true },
  createApiKey: { creates: true },
  createChannel: {
    creates: true,
    fixed: { 'ChannelInput.kind': 'WEBHOOK', 'ChannelInput.settings': { url: 'https://hooks.example.com/net' } },
  },
  createFlow: { creates: true },
  createSourceDefinition: { creates: true },
  createWebhook: { creates: true },
  deleteAlertRule: {},
  deleteChannel: {},
  deleteSourceDefinition: {},
  deleteWebhook: {},
  discardDeadLetters: {},
  endAlertSilence: {},
  ingestTraces: { creates: true },
  inviteMember: { creates: true, fixed: { 'InviteMemberInput.role': 'VIEWER' } },
  pauseFlow: {},
  pauseWebhook: {},
  removeMember: {},
  replayWebhook: {},
  reportFlowProgress: { fixed: { 'ReportFlowProgressInput.status': 'RUNNING' } },
  resolveAlert: {},
  resolveAlerts: { creates: true },
  resumeFlow: {},
  resumeWebhook: {},
  retireAsset: {},
  retryFlow: {},
  revokeApiKey: {},
  revokeInvitation: {},
  revokeSession: {},
  rollApiKey: {},
  rollWebhookSecret: {},
  setAlertRoutes: {},
  setModelPrice: { creates: true },
  setMemberRole: { fixed: { 'SetMemberRoleInput.role': 'VIEWER' } },
  startDiscovery: { creates: true },
  unacknowledgeAlert: {},
  testChannel: {},
  testWebhook: {},
  updateAlertRule: {},
  updateAlertSilence: {},
  updateAsset: {},
  updateProfile: {},
  updateChannel: { fixed: { 'UpdateChannelInput.settings': { url: 'https://hooks.example.com/net' } } },
  updateSourceDefinition: {},
  renameWorkspace: { creates: true, putBack: true },
  updateWebhook: {},
  updateWorkspaceSettings: { creates: true, putBack: true },
};

/** What a chosen leaf asks of the rest of the input. */
const together: readonly (readonly [leaf: RegExp, fixed: Readonly<Record<string, unknown>>])[] = [
  [/^FlowFailureInput\./, { 'ReportFlowProgressInput.status': 'FAILED' }],
  [/^ReportFlowProgressInput\.failure/, { 'ReportFlowProgressInput.status': 'FAILED' }],
  // What succeeds is kept under its key, and each round would name other things under the same one.
  [/^AcknowledgeAlertsInput\.idempotencyKey/, { 'AcknowledgeAlertsInput.ids': [] }],
  [/^ResolveAlertsInput\.idempotencyKey/, { 'ResolveAlertsInput.ids': [] }],
];

interface MutationAttack {
  readonly template: Template;
  readonly leaf: Leaf | null;
  readonly attacker: Person;
}

/** Every input of every mutation with B's ids and keys: nothing of B may change, and nothing tell that it exists. */
export async function attackMutations(net: Net, most: number): Promise<void> {
  const mutations = net.templates.filter(({ kind, target }) => kind === 'mutation' && target.startsWith('Mutation.'));
  for (const { root } of mutations) {
    if (!(root in recipes)) throw new Error(`Say in attackMutations.ts how ${root} is made to work.`);
  }
  await inParallel(attacks(net, mutations, most), (attack) => attackMutation(net, attack), 6);
  await replayForeignKeys(net, mutations);
}

function* attacks(net: Net, mutations: readonly Template[], most: number): Generator<MutationAttack> {
  const { everybody } = net.worlds.a.people;
  let made = 0;
  for (const template of net.random.shuffled(mutations)) {
    for (const leaf of [null, ...leavesOf(template)]) {
      for (const attacker of leaf === null ? everybody : [net.random.pick(everybody.slice(0, 3))]) {
        made += 1;
        yield { template, leaf, attacker };
      }
    }
  }
  for (; made < most; made += 1) {
    const template = net.random.pick(mutations);
    // The attacker's own workspace should not grow without end.
    if (recipes[template.root]!.creates) continue;
    yield { template, leaf: net.random.pick(leavesOf(template)), attacker: net.random.pick(everybody) };
  }
}

async function attackMutation(net: Net, { template, leaf, attacker }: MutationAttack): Promise<void> {
  const recipe = recipes[template.root]!;
  const variables = inputOf(net, template, leaf, recipe);
  const where = `${template.target} with ${leaf?.chain.join(' > ') ?? 'what it needs'}, as ${attacker.name}`;
  if (recipe.creates) net.judge.noteWritten(JSON.stringify(variables));
  net.coverage.attacked([...coordinatesOf(template.selection), ...givenCoordinates(template, variables)]);
  await compareMutation(net, where, attacker, template, variables);
}

async function compareMutation(
  net: Net,
  where: string,
  attacker: Person,
  template: Template,
  variables: Record<string, unknown>,
): Promise<void> {
  const twin = twinOf(variables, net.random, (mark) => !net.judge.isForeign(mark));
  const ask = async (given: Record<string, unknown>): Promise<HttpAnswer> => {
    const answer = await sendOperation(net.cluster.origin, attacker.headers, {
      query: template.document,
      variables: given,
    });
    net.counts.requests += 1;
    net.judge.checkSeen(where, answer, JSON.stringify(given), attacker.principal);
    checkAuthority(net, where, answer, template.selection, attacker.principal);
    return anonymous(answer, net, JSON.stringify(given));
  };
  await compare(net, where, twin.made, async () => [await ask(variables), await ask(twin.value)]);
}

/** What is new in each answer is no difference: ids, and what is made with them. */
function anonymous(answer: HttpAnswer, net: Net, sent: string): HttpAnswer {
  const text = answer.text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, (id) =>
      net.judge.isForeign(id) || sent.includes(id) ? id : '<id>',
    )
    .replace(/"(secret|prefix)":"[^"]*"/g, '"$1":"<new>"')
    // The net deletes what it has made too much of: sent again, the same mutation tells of it without the key that went with it.
    .replace(/"publicKey":(?:"[^"]*"|null)/g, '"publicKey":"<new>"')
    // Where its stream stands just now.
    .replace(/"(lag|position)":\d+/g, '"$1":0');
  return { ...answer, text };
}

function inputOf(net: Net, template: Template, leaf: Leaf | null, recipe: Recipe): Record<string, unknown> {
  const chain = new Set(leaf?.chain ?? []);
  if (template.root === 'startDiscovery' && ![...chain].some((name) => name.endsWith('.uploadId')))
    chain.add('DiscoverySourceInput.content');
  if (template.root === 'createWebhook' && !chain.has('WebhookInput.documentId')) chain.add('WebhookInput.document');
  const fixed: Record<string, unknown> = { ...recipe.fixed };
  for (const [pattern, more] of together) {
    if ([...chain].some((name) => pattern.test(name))) Object.assign(fixed, more);
  }
  // What succeeds would use the key up for the replays below.
  const keyed = net.worlds.b.filled.keyed[template.root];
  for (const name of chain) if (name.endsWith('.idempotencyKey') && keyed && !recipe.creates) fixed[name] = keyed.key;
  const { b } = net.worlds;
  // What succeeds is kept and read again, so it names the same few things of B each time.
  const few = Object.fromEntries(Object.entries(b.ids).map(([kind, ids]) => [kind, ids.slice(0, 1)]));
  const world = recipe.creates ? { ...b, ids: few } : b;
  const variables: Record<string, unknown> = {};
  for (const { variable, type, coordinate } of template.places) {
    variables[variable] = makeValue(type, coordinate, {
      world,
      present: (name) => chain.has(name),
      random: net.random,
      fixed,
    });
  }
  return variables;
}

/** Takes away what the attacks have made in A of what a workspace has few of: an answer must not depend on how many there were. */
async function makeRoom(net: Net): Promise<void> {
  const { people, ids } = net.worlds.a;
  const { headers } = people.everybody[0]!;
  const ask = (query: string, variables: Readonly<Record<string, unknown>> = {}) =>
    askGateway(net.cluster.origin, headers, query, variables);
  const { webhooks, channels } = await ask('{ webhooks(first: 100) { nodes { id } } channels { id } }');
  const surplus = (all: readonly { id: string }[], kind: string) => all.filter(({ id }) => !ids[kind]!.includes(id));
  for (const { id } of surplus(webhooks.nodes, 'hook'))
    await ask('mutation ($id: ID!) { deleteWebhook(input: { id: $id }) { deletedWebhookId } }', { id });
  for (const { id } of surplus(channels, 'channel'))
    await ask('mutation ($id: ID!) { deleteChannel(input: { id: $id }) { deletedChannelId } }', { id });
}

/** B's idempotency keys with B's own inputs; then the keys of somebody else of A. */
async function replayForeignKeys(net: Net, mutations: readonly Template[]): Promise<void> {
  const { a, b } = net.worlds;
  await makeRoom(net);
  for (const [field, { key, input }] of Object.entries(b.filled.keyed)) {
    const template = mutations.find(({ root }) => root === field)!;
    // One attacker: what is unique, such as who is invited, can be made once by whom it may be.
    const attacker = net.random.pick(a.people.everybody.slice(0, 2));
    // The same words each time, so that a second round replays the first.
    const neutral = withoutCanaries(
      input,
      (canary) => `cnyx${createHash('sha256').update(`${attacker.name}/${canary}`).digest('hex').slice(0, 12)}`,
    );
    if (recipes[field]!.creates) net.judge.noteWritten(JSON.stringify(neutral));
    const variables = { [template.places[0]!.variable]: { ...neutral, idempotencyKey: key } };
    const where = `${template.target} with the key and the input of B, as ${attacker.name}`;
    await compareMutation(net, where, attacker, template, variables);
    if (recipes[field]!.putBack) {
      const own = { [template.places[0]!.variable]: { ...a.filled.keyed[field]!.input, idempotencyKey: null } };
      await sendOperation(net.cluster.origin, a.people.owner.headers, { query: template.document, variables: own });
      net.counts.requests += 1;
    }
  }
  for (const field of ['createFlow', 'createAlertRule']) {
    const template = mutations.find(({ root }) => root === field)!;
    const { key, input } = a.filled.keyed[field]!;
    const variables = { [template.places[0]!.variable]: { ...input, idempotencyKey: key } };
    const ids: string[] = [];
    for (const person of a.people.everybody.slice(0, 2)) {
      const answer = await sendOperation(net.cluster.origin, person.headers, { query: idOnly(template), variables });
      net.counts.requests += 1;
      ids.push(/_[0-9a-f]{8}-[0-9a-f-]{27}/.exec(answer.text)?.[0] ?? answer.text);
    }
    net.counts.probes += 1;
    if (ids[0] === ids[1])
      net.judge.report(
        'replay',
        `${template.target} with the key of a colleague`,
        `answered what was recorded for them: ${ids[0]}`,
      );
  }
}

function idOnly(template: Template): string {
  const entity = template.root === 'createFlow' ? 'flow' : 'rule';
  return template.document.replace(/\{ __typename .*$/, `{ ${entity} { id } } }`);
}

function withoutCanaries<T>(value: T, change: (canary: string) => string): T {
  let text = JSON.stringify(value);
  for (const canary of new Set(canariesIn(text))) text = text.replaceAll(canary, change(canary));
  return JSON.parse(text) as T;
}

/** Replays of A's own mutations: they change nothing and show what a payload shows to its rightful reader. */
export async function replayRightfully(net: Net): Promise<void> {
  const { a } = net.worlds;
  for (const [field, { key, input }] of Object.entries(a.filled.keyed)) {
    for (const template of net.templates.filter(({ kind, root }) => kind === 'mutation' && root === field)) {
      const variables = { [template.places[0]!.variable]: { ...input, idempotencyKey: key } };
      await show(net, template, variables);
    }
  }
  const trace = {
    externalId: 'a-trace-shown',
    startedAt: new Date().toISOString(),
    durationMs: 1,
    status: 'OK',
    agent: 'x',
    operation: 'y',
  };
  for (const template of net.templates.filter(({ kind, root }) => kind === 'mutation' && root === 'ingestTraces'))
    await show(net, template, { [template.places[0]!.variable]: { traces: [trace, { ...trace, durationMs: -1 }] } });
  await showRoles(net);
  await showSecrets(net);
}

/** A secret is in the first answer only, so it takes a new key, and a new invitation. */
async function showSecrets(net: Net): Promise<void> {
  const inputs: Readonly<Record<string, unknown>> = {
    createApiKey: { name: 'Shown', scopes: ['flow.read'] },
    createWebhook: {
      webhook: {
        name: 'Shown',
        url: 'https://hooks.example.com/shown',
        document: 'subscription { flowUpdates { type } }',
      },
    },
    rollWebhookSecret: { id: net.worlds.a.ids['hook']!.at(-1), overlapHours: 0 },
    rollApiKey: { id: net.worlds.a.ids['key']!.at(-1), overlapSeconds: 3_600 },
    inviteMember: { email: `shown-${net.random.hex(6)}@corp.example`, role: 'VIEWER' },
  };
  for (const [field, input] of Object.entries(inputs)) {
    const template = net.templates.find(({ target }) => target === `Mutation.${field}`)!;
    await show(net, template, { [template.places[0]!.variable]: input });
  }
}

async function showRoles(net: Net): Promise<void> {
  const viewer = net.worlds.a.people.everybody.find(({ name }) => name === 'VIEWER')!;
  const { actor } = viewer.principal!;
  for (const template of net.templates.filter(({ kind, root }) => kind === 'mutation' && root === 'setMemberRole'))
    await show(net, template, {
      [template.places[0]!.variable]: { userId: `user_${'id' in actor ? actor.id : ''}`, role: 'VIEWER' },
    });
  const key = net.worlds.a.ids['key']!;
  for (const template of net.templates.filter(({ kind, root }) => kind === 'mutation' && root === 'revokeApiKey')) {
    // The one that is revoked already.
    const revoked = await sendOperation(net.cluster.origin, net.worlds.a.people.owner.headers, {
      query: '{ viewer { workspace { apiKeys { nodes { id revokedAt } } } } }',
      variables: {},
    });
    const nodes = JSON.parse(revoked.text).data.viewer.workspace.apiKeys.nodes as {
      id: string;
      revokedAt: string | null;
    }[];
    await show(net, template, {
      [template.places[0]!.variable]: { id: nodes.find(({ revokedAt }) => revokedAt)?.id ?? key[0] },
    });
  }
}

async function show(net: Net, template: Template, variables: Record<string, unknown>): Promise<void> {
  const { a } = net.worlds;
  const answer = await sendOperation(net.cluster.origin, a.people.owner.headers, {
    query: template.document,
    variables,
  });
  net.counts.requests += 1;
  const body = JSON.parse(answer.text) as { data?: unknown };
  if (!body.data) throw new Error(`${template.target} could not be shown: ${answer.text}`);
  walkAnswer(body.data, template.selection, (coordinate, value, list) => note(net, a, coordinate, value, list));
}
