import { getNamedType, isInputObjectType, type GraphQLInputType } from 'graphql';
import { sendOperation, type HttpAnswer, type Operation } from '@tributary/kit/client';
import type { Person } from '../world/people.ts';
import { checkAuthority } from './authority.ts';
import { counterpart, inParallel, type Net } from './Net.ts';
import { coordinatesOf, type ArgumentPlace, type Template } from './templates.ts';
import { comparable, twinOf, type Twin } from './twin.ts';
import { makeValue } from './values.ts';

/** A place deep in an argument, with what must be given for it to be given. */
export interface Leaf {
  readonly place: ArgumentPlace;
  readonly chain: readonly string[];
}

/** How the caches stand when A asks: nobody asked before; B has just asked the same; B asks the same at the same moment. */
const caches = ['cold', 'warm', 'at once'] as const;

export interface QueryAttack {
  readonly template: Template;
  /** Null: the way to the field alone is B's. */
  readonly leaf: Leaf | null;
  readonly attacker: Person;
  readonly cache: (typeof caches)[number];
}

/** Sends an operation in one of the ways that clients can: by its text, or by the id that it is stored under. */
export type Sender = (net: Net, person: Person, operation: Operation, template: Template) => Promise<HttpAnswer>;

const asText: Sender = (net, person, operation) => sendOperation(net.cluster.origin, person.headers, operation);

/** Every field, argument and filter of the queries at least once, then at random until there were `most` of them. */
export function* queryAttacks(net: Net, most: number): Generator<QueryAttack> {
  const queries = net.templates.filter(({ kind }) => kind === 'query');
  const { everybody } = net.worlds.a.people;
  let made = 0;
  for (const template of net.random.shuffled(queries)) {
    for (const leaf of [null, ...leavesOf(template)]) {
      const attackers = leaf === null ? everybody : [net.random.pick(everybody.filter(({ principal }) => principal))];
      for (const attacker of attackers) {
        made += 1;
        yield { template, leaf, attacker, cache: net.random.pick(caches) };
      }
    }
  }
  for (; made < most; made += 1) {
    const template = net.random.pick(queries);
    yield {
      template,
      leaf: net.random.pick([null, ...leavesOf(template)]),
      attacker: net.random.pick(everybody),
      cache: net.random.pick(caches),
    };
  }
}

export function leavesOf(template: Template): Leaf[] {
  return template.places
    .filter(({ isTarget }) => isTarget)
    .flatMap((place) => chains(place.type, place.coordinate).map((chain) => ({ place, chain })));
}

function chains(type: GraphQLInputType, coordinate: string): string[][] {
  const inner = getNamedType(type);
  if (!isInputObjectType(inner)) return [[coordinate]];
  return Object.values(inner.getFields()).flatMap((field) =>
    chains(field.type, `${inner.name}.${field.name}`).map((chain) => [coordinate, ...chain]),
  );
}

/** The variables of an attack: where it aims everything is B's; the way there is A's own, or B's too when nothing else is. */
export function attackVariables(net: Net, template: Template, leaf: Leaf | null): Record<string, unknown> {
  const { a, b } = net.worlds;
  const variables: Record<string, unknown> = {};
  const chain = new Set(leaf?.chain ?? []);
  if (template.root === 'previewWebhook' && !chain.has('WebhookInput.documentId')) chain.add('WebhookInput.document');
  for (const place of template.places) {
    const isAim = leaf === null ? true : place.isTarget;
    if (!place.isRequired && !chain.has(place.coordinate)) continue;
    variables[place.variable] = makeValue(place.type, place.coordinate, {
      world: isAim ? b : a,
      present: (coordinate) => chain.has(coordinate),
      random: net.random,
    });
  }
  return variables;
}

/** Asks as somebody of A with B's ids, cursors and texts, and the same with ones that never existed. */
export async function attackQuery(net: Net, attack: QueryAttack, sender: Sender = asText): Promise<void> {
  const { template, leaf, attacker, cache } = attack;
  const variables = attackVariables(net, template, leaf);
  const where = `${template.target} with ${leaf?.chain.join(' > ') ?? 'the way there'}, as ${attacker.name}, ${cache}`;
  net.coverage.attacked(coordinatesOf(template.selection));
  net.coverage.attacked(givenCoordinates(template, variables));
  const twin = twinOf(variables, net.random, (mark) =>
    /^cny/.test(mark) ? !net.judge.isForeign(mark) : net.worlds.a.uuids.has(mark.toLowerCase()),
  );
  await compare(net, where, twin.made, async () => {
    const original = { query: template.document, variables };
    const rightful = () => sender(net, counterpart(net.worlds.b, attacker), original, template);
    if (cache === 'warm') await rightful();
    const [answer] = await Promise.all([
      sender(net, attacker, original, template),
      ...(cache === 'at once' ? [rightful()] : []),
    ]);
    net.counts.requests += cache === 'cold' ? 1 : 2;
    net.judge.checkSeen(where, answer, JSON.stringify(variables), attacker.principal);
    checkAuthority(net, where, answer, template.selection, attacker.principal);
    const nothing = await sender(net, attacker, { query: template.document, variables: twin.value }, template);
    net.counts.requests += 1;
    net.judge.checkSeen(where, nothing, JSON.stringify(twin.value), attacker.principal);
    return [answer, nothing];
  });
}

/** Compares two answers; what A's own workspace did meanwhile may make them differ once, not four times. */
export async function compare(
  net: Net,
  where: string,
  made: Twin<unknown>['made'],
  ask: () => Promise<[HttpAnswer, HttpAnswer]>,
): Promise<void> {
  net.counts.probes += 1;
  for (let tries = 0; ; tries += 1) {
    const [answer, nothing] = await ask();
    const left = whole(answer, made, false);
    const right = whole(nothing, made, true);
    if (left === right) return;
    if (tries === 3) {
      net.judge.report('unlike the answer for nothing', where, difference(left, right));
      return;
    }
  }
}

function whole(answer: HttpAnswer, made: Twin<unknown>['made'], isTwin: boolean): string {
  // An etag is a hash of the body, which holds the request's own id.
  const headers = { ...answer.headers, date: '', 'x-request-id': '', 'content-length': '', etag: '' };
  return comparable(`${answer.status} ${JSON.stringify(headers)}\n${answer.text}`, made, isTwin);
}

function difference(left: string, right: string): string {
  let at = 0;
  while (at < left.length && left[at] === right[at]) at += 1;
  return `…${left.slice(Math.max(0, at - 120), at + 120)}… but for nothing …${right.slice(Math.max(0, at - 20), at + 120)}…`;
}

/** The arguments and input fields that variables give. */
export function givenCoordinates(template: Template, variables: Readonly<Record<string, unknown>>): string[] {
  const given: string[] = [];
  const walk = (type: GraphQLInputType, value: unknown): void => {
    const inner = getNamedType(type);
    if (!isInputObjectType(inner)) return;
    for (const item of Array.isArray(value) ? value : [value]) {
      if (typeof item !== 'object' || item === null) continue;
      for (const [name, deeper] of Object.entries(item)) {
        given.push(`${inner.name}.${name}`);
        walk(inner.getFields()[name]!.type, deeper);
      }
    }
  };
  for (const place of template.places) {
    if (!(place.variable in variables)) continue;
    given.push(place.coordinate);
    walk(place.type, variables[place.variable]);
  }
  return given;
}

export async function attackQueries(net: Net, most: number, sender: Sender = asText): Promise<void> {
  await inParallel(queryAttacks(net, most), (attack) => attackQuery(net, attack, sender));
}
