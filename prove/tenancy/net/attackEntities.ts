import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  getNamedType,
  isLeafType,
  isObjectType,
  isRequiredArgument,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql';
import { bodyHash, contextHeader, parseGatewaySecrets, signContext } from '@tributary/auth';
import { subgraphNames, type SubgraphName } from '@tributary/contracts/subgraphs';
import type { Principal } from '@tributary/contracts/principal';
import { send, sendOperation, type HttpAnswer } from '@tributary/kit/client';
import type { World } from '../world/World.ts';
import { compare } from './attackQueries.ts';
import { counterpart, inParallel, type Net } from './Net.ts';
import { printBelow, selectBelow, type Selected } from './templates.ts';
import { twinOf } from './twin.ts';

/** Of which kind the ids of an entity type are. A type that is new needs a line here. */
const kinds: Readonly<Record<string, string>> = {
  Alert: 'alert',
  AlertRule: 'rule',
  AlertSilence: 'silence',
  ApiKey: 'key',
  Asset: 'asset',
  Flow: 'flow',
  SourceDefinition: 'source',
  Trace: 'trace',
  User: 'user',
  NotificationChannel: 'channel',
  Webhook: 'hook',
  Workspace: 'ws',
};

interface EntityField {
  readonly subgraph: SubgraphName;
  readonly type: string;
  readonly kind: string;
  readonly field: string;
  readonly text: string;
}

/** Every field that a subgraph answers on an entity, from the SDL of that subgraph. */
export function entityFields(root: string): EntityField[] {
  return subgraphNames.flatMap((subgraph) => {
    const schema = subgraphSchema(root, subgraph);
    return Object.values(schema.getTypeMap()).flatMap((type) => {
      if (!isObjectType(type) || !type.astNode?.directives?.some(({ name }) => name.value === 'key')) return [];
      const kind = kinds[type.name];
      if (!kind) throw new Error(`Say in attackEntities.ts of which kind the ids of ${type.name} are.`);
      return fieldsOf(schema, type).map(({ field, text }) => ({ subgraph, type: type.name, kind, field, text }));
    });
  });
}

function subgraphSchema(root: string, subgraph: SubgraphName): GraphQLSchema {
  const sdl = readFileSync(join(root, 'schema', 'subgraphs', `${subgraph}.graphql`), 'utf8');
  // Federation's own directives come by a link and are not defined in the text.
  return buildSchema(sdl, { assumeValidSDL: true });
}

function fieldsOf(schema: GraphQLSchema, type: GraphQLObjectType): { field: string; text: string }[] {
  return Object.values(type.getFields()).flatMap((field) => {
    if (field.args.some(isRequiredArgument)) return [];
    const inner = getNamedType(field.type);
    const below: readonly Selected[] = isLeafType(inner) ? [] : selectBelow(schema, inner);
    if (!isLeafType(inner) && below.length === 0) return [];
    return [{ field: field.name, text: `${field.name}${printBelow(below)}` }];
  });
}

/** The names by which coverage knows entities. */
export function entityNames(root: string): string[] {
  return entityFields(root).map(({ subgraph, type, field }) => `${subgraph}._entities ${type}.${field}`);
}

const document = (type: string, text: string) =>
  `query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename ... on ${type} { ${text} } } }`;

/**
 * Asks the subgraphs themselves for B's entities, with contexts that are validly signed for A: as an attacker could who owns the
 * gateway's secret but not its resolvers. Then the same through the gateway, which has no such field.
 */
export async function attackEntities(net: Net): Promise<void> {
  const fields = entityFields(net.root);
  const attackers = net.worlds.a.people.everybody.filter(({ principal }) => principal !== null);
  await inParallel(fields, async (field) => {
    const name = `${field.subgraph}._entities ${field.type}.${field.field}`;
    net.coverage.attacked([name]);
    for (const attacker of [attackers[0]!, net.random.pick(attackers.slice(1))]) {
      const ids = Array.from({ length: 3 }, () => net.random.pick(net.worlds.b.ids[field.kind]!));
      const own = net.random.pick(net.worlds.a.ids[field.kind]!);
      const representations = [...ids, own].map((id) => ({ __typename: field.type, id }));
      const twin = twinOf(representations, net.random, (mark) => !net.judge.isForeign(mark));
      const where = `${name}, as ${attacker.name}`;
      await compare(net, where, twin.made, async () => {
        const rightful = counterpart(net.worlds.b, attacker).principal!;
        const ask = async (principal: Principal, given: unknown): Promise<HttpAnswer> => {
          net.counts.requests += 1;
          return askSubgraph(net, field.subgraph, principal, document(field.type, field.text), {
            representations: given,
          });
        };
        const [answer] = await Promise.all([ask(attacker.principal!, representations), ask(rightful, representations)]);
        net.judge.checkSeen(where, answer, JSON.stringify(representations), attacker.principal);
        const nothing = await ask(attacker.principal!, twin.value);
        net.judge.checkSeen(where, nothing, JSON.stringify(twin.value), attacker.principal);
        return [answer, nothing];
      });
    }
  });
  await attackThroughGateway(net, fields);
}

/** One request to a subgraph as the gateway makes it, for a principal of our choice. */
export function askSubgraph(
  net: Net,
  subgraph: SubgraphName,
  principal: Principal,
  query: string,
  variables: unknown,
): Promise<HttpAnswer> {
  const body = JSON.stringify({ query, variables });
  return send(
    'POST',
    `${net.cluster.originOf(subgraph)}/graphql`,
    {
      'content-type': 'application/json',
      [contextHeader]: signContext(principal, {
        audience: subgraph,
        requestId: crypto.randomUUID(),
        bodySha256: bodyHash(body),
        secrets: parseGatewaySecrets(net.secrets.gatewaySecret),
      }),
    },
    body,
  );
}

async function attackThroughGateway(net: Net, fields: readonly EntityField[]): Promise<void> {
  const { owner } = net.worlds.a.people;
  for (const { type, kind, text } of fields.filter(
    (field, index) => fields.findIndex(({ type: of }) => of === field.type) === index,
  )) {
    const representations = [{ __typename: type, id: net.worlds.b.ids[kind]![0]! }];
    const answer = await sendOperation(net.cluster.origin, owner.headers, {
      query: document(type, text),
      variables: { representations },
    });
    net.counts.probes += 1;
    net.counts.requests += 1;
    const where = `_entities of ${type} through the gateway`;
    net.judge.checkSeen(where, answer, JSON.stringify(representations), owner.principal);
    if (!answer.text.includes('"errors"') || answer.text.includes('"data":{'))
      net.judge.report('not refused', where, answer.text);
  }
  const sdl = await sendOperation(net.cluster.origin, owner.headers, { query: '{ _service { sdl } }', variables: {} });
  if (sdl.text.includes('"sdl"'))
    net.judge.report('not refused', '_service through the gateway', sdl.text.slice(0, 200));
}

/** Whether a rightful reader gets the same entities: without it the attack proves nothing. */
export async function readEntitiesRightfully(net: Net, world: World): Promise<string[]> {
  const silent: string[] = [];
  const { principal } = world.people.owner;
  await inParallel(entityFields(net.root), async ({ subgraph, type, kind, field, text }) => {
    const representations = world.ids[kind]!.slice(0, 30).map((id) => ({ __typename: type, id }));
    const answer = await askSubgraph(net, subgraph, principal!, document(type, text), { representations });
    net.counts.requests += 1;
    const body = JSON.parse(answer.text) as { data?: { _entities: (Record<string, unknown> | null)[] } };
    const values = body.data?._entities.map((entity) => entity?.[field] ?? null) ?? [];
    if (values.every((value) => value === null)) silent.push(`${subgraph}._entities ${type}.${field}`);
  });
  return silent;
}
