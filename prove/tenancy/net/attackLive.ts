import { setTimeout as delay } from 'node:timers/promises';
import { createClient, type Client } from 'graphql-ws';
import { request } from 'node:http';
import { WebSocket } from 'ws';
import { askGateway } from '@tributary/kit/client';
import { canariesIn, isStreamCursor, letterOf } from '../world/canaries.ts';
import type { Person } from '../world/people.ts';
import type { World } from '../world/World.ts';
import { givenCoordinates, leavesOf, type Leaf } from './attackQueries.ts';
import { counterpart, inParallel, type Net } from './Net.ts';
import { note } from './readRightfully.ts';
import { coordinatesOf, walkAnswer, type Template } from './templates.ts';
import { comparable, twinOf } from './twin.ts';
import { makeValue } from './values.ts';

const listenMs = 350;
const patienceMs = 15_000;

/** Subscriptions of A with the ids and cursors of others, while these watch the same and things happen to them. */
export async function attackLive(net: Net): Promise<void> {
  const subscriptions = net.templates.filter(({ kind }) => kind === 'subscription');
  await using sockets = new Sockets(net);
  const stop = new AbortController();
  const roots = subscriptions.filter(
    ({ root, places }) => root !== 'flowProgress' && places.every(({ isRequired }) => !isRequired),
  );
  // C watches first and A all the while: a process that mixed up whose stream is whose would go on with C's.
  const { a, c } = net.worlds;
  const watching = await sockets.watch(c.people.owner, roots);
  const watched = await sockets.watch(a.people.owner, roots);
  const acting = act(net, c, stop.signal);
  try {
    const attacks = subscriptions.flatMap((template) =>
      [null, ...leavesOf(template)].flatMap((leaf) => liveAttacks(net, template, leaf)),
    );
    await inParallel(net.random.shuffled(attacks), (attack) => attackSubscription(net, sockets, attack), 24);
    await attackOverHttp(net, subscriptions);
    await untilPassed(net, c, a);
  } finally {
    stop.abort();
    await acting;
  }
  await watching();
  net.counts.probes += roots.length;
  net.judge.checkSeen(
    `${roots.length} subscriptions, while C works`,
    { text: await watched(), headers: new Headers() },
    '',
    a.people.owner.principal,
  );
  await watchRightfully(net, sockets, subscriptions);
}

interface LiveAttack {
  readonly template: Template;
  readonly leaf: Leaf | null;
  readonly attacker: Person;
  readonly victim: World;
  /** A cursor of the victim's, which continues a stream of A's own. */
  readonly after: string | null;
}

/** Everybody watches what needs nothing; behind every kind of stream that the victim has a cursor of; and somebody each other input. */
function liveAttacks(net: Net, template: Template, leaf: Leaf | null): LiveAttack[] {
  const { a, b, c } = net.worlds;
  const somebody = () => net.random.pick(a.people.everybody.slice(0, 5));
  if (leaf?.chain.at(-1)?.endsWith('.after') && template.target.startsWith('Subscription.')) {
    const cursors = [...b.cursors.values()].flatMap((list) => list.filter(isStreamCursor).slice(0, 2));
    return cursors.map((after) => ({ template, leaf, attacker: somebody(), victim: b, after }));
  }
  const attackers = leaf === null && template.target.startsWith('Subscription.') ? a.people.everybody : [somebody()];
  return attackers.map((attacker) => ({ template, leaf, attacker, victim: net.random.pick([b, c]), after: null }));
}

async function attackSubscription(
  net: Net,
  sockets: Sockets,
  { template, leaf, attacker, victim, after }: LiveAttack,
): Promise<void> {
  const chain = new Set(leaf?.chain ?? []);
  const variables: Record<string, unknown> = {};
  for (const place of template.places) {
    if (!place.isRequired && !chain.has(place.coordinate)) continue;
    const present = (name: string) => chain.has(name);
    const isAim = after === null || chain.has(place.coordinate);
    variables[place.variable] =
      isAim && after !== null
        ? after
        : makeValue(place.type, place.coordinate, {
            world: isAim ? victim : net.worlds.a,
            present,
            random: net.random,
          });
  }
  const where = `${template.target} with ${leaf?.chain.join(' > ') ?? 'what it needs'} of ${victim.letter}, as ${attacker.name}`;
  net.coverage.attacked([...coordinatesOf(template.selection), ...givenCoordinates(template, variables)]);
  const twin = twinOf(variables, net.random, (mark) => !/^A/.test(mark) && !net.judge.isForeign(mark));
  net.counts.probes += 1;
  for (let tries = 0; ; tries += 1) {
    const rightful = sockets.listen(counterpart(victim, attacker), template, variables);
    const [answer, nothing] = await Promise.all([
      sockets.listen(attacker, template, variables),
      sockets.listen(attacker, template, twin.value),
      rightful,
    ]);
    net.counts.requests += 3;
    net.judge.checkSeen(where, { text: answer, headers: new Headers() }, JSON.stringify(variables), attacker.principal);
    net.judge.checkSeen(
      where,
      { text: nothing, headers: new Headers() },
      JSON.stringify(twin.value),
      attacker.principal,
    );
    const left = comparable(answer, twin.made, false);
    const right = comparable(nothing, twin.made, true);
    if (left === right) return;
    if (tries === 3)
      return net.judge.report(
        'unlike the answer for nothing',
        where,
        `${left.slice(0, 250)} but for nothing ${right.slice(0, 250)}`,
      );
  }
}

/** A socket for each person. */
class Sockets implements AsyncDisposable {
  readonly #net: Net;
  readonly #clients = new Map<Person, Client>();

  constructor(net: Net) {
    this.#net = net;
  }

  /** What comes in a moment, as text. */
  async listen(
    person: Person,
    template: Template,
    variables: Record<string, unknown>,
    forMs = listenMs,
    until = /never/,
  ): Promise<string> {
    const seen: unknown[] = [];
    const stream = this.#client(person).iterate({ query: template.document, variables });
    const timer = setTimeout(() => void stream.return?.(), forMs);
    try {
      for await (const event of stream) {
        seen.push(event);
        if (until.test(JSON.stringify(event))) break;
      }
    } catch (error) {
      seen.push(describeRefusal(error));
    } finally {
      clearTimeout(timer);
    }
    return JSON.stringify(seen);
  }

  /** Subscribes, waits for the first event of each, and answers how to end it: as text, all that came. */
  async watch(person: Person, templates: readonly Template[]): Promise<() => Promise<string>> {
    const seen: unknown[] = [];
    const streams = templates.map(({ document }) => this.#client(person).iterate({ query: document, variables: {} }));
    for (const stream of streams) {
      const late = delay(patienceMs, null, { ref: false });
      const first = await Promise.race([stream.next(), late]);
      if (first === null) throw new Error(`A subscription of ${person.name} said nothing for ${patienceMs / 1_000} s.`);
      seen.push(first.value);
    }
    const reading = streams.map(async (stream) => {
      for await (const event of stream) seen.push(event);
    });
    return async () => {
      for (const stream of streams) void stream.return?.();
      await Promise.allSettled(reading);
      return JSON.stringify(seen);
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) await client.dispose();
  }

  #client(person: Person): Client {
    const known = this.#clients.get(person);
    if (known) return known;
    const { authorization, 'x-api-key': apiKey } = person.headers;
    const client = createClient({
      url: `${this.#net.cluster.origin.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { ...(authorization ? { authorization } : {}), ...(apiKey ? { apiKey } : {}) },
      retryAttempts: 0,
      lazyCloseTimeout: 5_000,
    });
    this.#clients.set(person, client);
    return client;
  }
}

function describeRefusal(error: unknown): unknown {
  if (Array.isArray(error)) return { errors: error as unknown[] };
  if (typeof error === 'object' && error !== null && 'code' in error) return { closed: error.code };
  return { failed: String(error) };
}

/** Server-sent events and multipart carry the same streams. */
async function attackOverHttp(net: Net, subscriptions: readonly Template[]): Promise<void> {
  const [owner] = net.worlds.a.people.everybody;
  for (const accept of ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0']) {
    await inParallel(
      subscriptions.filter(({ target }) => target.startsWith('Subscription.')),
      async (template) => {
        const variables: Record<string, unknown> = {};
        for (const place of template.places.filter(({ isRequired }) => isRequired)) {
          variables[place.variable] = makeValue(place.type, place.coordinate, {
            world: net.worlds.c,
            present: () => false,
            random: net.random,
          });
        }
        const text = await listenOverHttp(net, owner!, accept, template, variables);
        net.counts.probes += 1;
        net.counts.requests += 1;
        net.judge.checkSeen(
          `${template.target} over ${accept}`,
          { text, headers: new Headers() },
          JSON.stringify(variables),
          owner!.principal,
        );
      },
    );
  }
}

function listenOverHttp(
  net: Net,
  person: Person,
  accept: string,
  template: Template,
  variables: unknown,
): Promise<string> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    const outgoing = request(`${net.cluster.origin}/graphql`, {
      method: 'POST',
      headers: { ...person.headers, accept, 'content-type': 'application/json' },
    });
    const end = () => {
      outgoing.destroy();
      resolve(Buffer.concat(parts).toString('utf8'));
    };
    const timer = setTimeout(end, listenMs);
    outgoing.on('error', () => resolve(Buffer.concat(parts).toString('utf8')));
    outgoing.on('response', (incoming) => {
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('error', () => undefined);
      incoming.once('end', () => {
        clearTimeout(timer);
        end();
      });
    });
    outgoing.end(JSON.stringify({ query: template.document, variables }));
  });
}

/** Gives one workspace the time to get ahead of another in the stream of all flows, where it is not too far behind. */
async function untilPassed(net: Net, runner: World, other: World): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    // One by one: on Citus two workspaces lie on two nodes.
    const behind = (await lastOf(net, other)) - (await lastOf(net, runner));
    if (behind < -2 || behind > 40) return;
    await delay(100);
  }
}

/** The newest number of a workspace's stream of all flows. */
async function lastOf(net: Net, { people }: World): Promise<number> {
  const { rows } = await net.admin.query<{ last_seq: string }>(
    `select last_seq from stream_head where workspace_id = $1 and stream_id = 'flows'`,
    [people.workspaceId],
  );
  return Number(rows[0]!.last_seq);
}

const report = `mutation ($flowId: ID!, $phase: String!, $progress: Float!, $status: FlowPhaseStatus!, $message: String, $failure: FlowFailureInput) {
  reportFlowProgress(input: { flowId: $flowId, phase: $phase, progress: $progress, status: $status, message: $message, failure: $failure }) { flow { id } } }`;

/** Has things happen in a workspace until it is told to stop: progress of a flow, and flows that fail, so that alerts are raised. */
async function act(net: Net, world: World, stop: AbortSignal): Promise<void> {
  const { origin } = net.cluster;
  const { headers } = world.people.owner;
  const { runnerFlowId, runnerPhase } = world.filled;
  const message = world.texts['trace_series.agent']![0]!;
  for (let step = 0; !stop.aborted; step += 1) {
    const progress = 0.2 + (Date.now() % 10_000_000) / 10_000_000 / 2;
    await askGateway(origin, headers, report, {
      flowId: runnerFlowId,
      phase: runnerPhase,
      progress,
      status: 'RUNNING',
      message,
    });
    if (step % 3 === 0) {
      const made = await askGateway(
        origin,
        headers,
        'mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }',
        {
          input: { kind: 'live', name: message, phases: ['only'] },
        },
      );
      await askGateway(origin, headers, report, {
        flowId: made.createFlow.flow.id,
        phase: 'only',
        progress: 0.1,
        status: 'FAILED',
        failure: { code: 'E_LIVE', message, retryable: false },
      });
    }
    await delay(40);
  }
}

/** The rightful watchers see what happens; and one of a lesser role, on the same document, sees less. */
async function watchRightfully(net: Net, sockets: Sockets, subscriptions: readonly Template[]): Promise<void> {
  // Alerts are raised by a worker.
  await net.cluster.startReactions();
  try {
    await watchWhatHappens(net, sockets, subscriptions);
  } finally {
    await net.cluster.stopReactions();
  }
}

async function watchWhatHappens(net: Net, sockets: Sockets, subscriptions: readonly Template[]): Promise<void> {
  const { a } = net.worlds;
  const { owner, everybody } = a.people;
  const viewer = everybody.find(({ name }) => name === 'VIEWER')!;
  const colleague = {
    target: 'FlowEvent.flow',
    document: 'subscription { flowUpdates { flow { createdBy { __typename ... on User { email displayName } } } } }',
    selection: [],
    places: [],
    kind: 'subscription',
    root: 'flowUpdates',
  } as const;
  const stop = new AbortController();
  const ownersFirst = sockets.listen(owner, colleague, {}, 4_000, /cnya/);
  const watched = subscriptions.map(async (template) => {
    const variables: Record<string, unknown> = {};
    for (const place of template.places.filter(({ isRequired }) => isRequired))
      variables[place.variable] = a.filled.runnerFlowId;
    const events = JSON.parse(
      await sockets.listen(owner, template, variables, 8_000, /cnya|AlertEvent.*alert\.fired/),
    ) as { data?: unknown }[];
    for (const event of events) {
      walkAnswer(event.data, template.selection, (coordinate, value, list) => note(net, a, coordinate, value, list));
    }
    return JSON.stringify(events);
  });
  await delay(150);
  const acting = act(net, a, stop.signal);
  const viewersView = sockets.listen(viewer, colleague, {}, 1_200);
  const seen = await Promise.all(watched);
  stop.abort();
  await acting;
  const where = 'Subscription.flowUpdates, shared with an OWNER, as VIEWER';
  net.counts.probes += 1;
  net.judge.checkSeen(where, { text: await viewersView, headers: new Headers() }, '', viewer.principal);
  for (const [what, text] of [
    ['an OWNER', await ownersFirst],
    ...seen.map((text, index) => [subscriptions[index]!.target, text]),
  ] as const) {
    if (!canariesIn(text).some((canary) => letterOf(canary) === 'a') && /OWNER|\.flow|AlertEvent\.alert/.test(what))
      throw new Error(
        `${what} watched and saw nothing of their own: the attack on streams proves nothing. ${text.slice(0, 300)}`,
      );
  }
}
