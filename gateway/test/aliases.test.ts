import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { getNamedType, isAbstractType, type GraphQLObjectType } from 'graphql';
import { entityPlaces, isComposite } from './support/mirror/entityPlaces.js';
import { requiredArguments } from './support/mirror/literals.js';
import { MirrorGraph } from './support/mirror/MirrorGraph.js';
import { startTestGateway } from './support/testGateway.js';
import { startMirrorGateway, type MirrorGateway } from './support/mirror/startMirrorGateway.js';

const graph = new MirrorGraph();
const places = entityPlaces(graph.api, graph.entities);
let it: MirrorGateway;

beforeAll(async () => {
  it = await startMirrorGateway(graph);
});
afterAll(() => it.gateway.close());

describe('a client may call a field whatever it likes', () => {
  for (const kind of ['query', 'mutation', 'subscription'] as const) {
    test(`joins of a ${kind} take keys by their fields, not by a client's names for others`, async () => {
      const fields = places
        .filter((place) => place.kind === kind)
        .flatMap(({ entity, field }) => aliasesOf(entity).map((aliased) => field(`${aliased} ${restOf(entity)}`)));
      const texts =
        kind === 'subscription' ? fields.map((field) => `subscription { ${field} }`) : together(kind, fields);
      const faults: string[] = [];
      for (const text of texts) {
        const [answers, judged] = await Promise.all([it.ask(text), graph.judged(text)]);
        if (JSON.stringify(answers) !== JSON.stringify(judged)) faults.push(text);
      }
      expect(fields.length).toBeGreaterThan(100);
      expect({ faults: faults.length, such: faults.slice(0, 2) }).toEqual({ faults: 0, such: [] });
    }, 120_000);
  }

  test('an entity in two places of an answer shows in each what was asked there', async () => {
    const asset = (selection: string) => `alert(id: "x") { asset { discoveredBy { ${selection} } } }`;
    for (const [one, other] of [
      ['x: name', 'x: status'],
      ['assets(first: 1) { totalCount }', 'assets(first: 2) { totalCount }'],
    ] as const) {
      const text = `{ one: ${asset(one)} other: ${asset(other)} }`;
      expect(await it.ask(text)).toEqual(await graph.judged(text));
    }
  });

  test('an error has its place in the names that the client gave', async () => {
    await using two = await startTestGateway();
    const { body } = await two.ask({ query: '{ all: flows { id: name its: assets { name: title } } }' });
    expect(body.data).toEqual({
      all: [
        { id: 'flow 1', its: [{ name: 'asset of 1' }] },
        { id: 'flow 2', its: null },
      ],
    });
    expect(body.errors).toMatchObject([{ path: ['all', 1, 'its'], extensions: { code: 'DATABASE_ERROR' } }]);
  });
});

/** Some hundred fields in a few operations. */
function together(kind: string, fields: readonly string[]): string[] {
  const texts: string[] = [];
  for (let at = 0; at < fields.length; at += atOnce)
    texts.push(
      `${kind} { ${fields
        .slice(at, at + atOnce)
        .map((field, index) => `_${index}: ${field}`)
        .join(' ')} }`,
    );
  return texts;
}

const atOnce = 15;

/** Every own field under the name of each key and of `__typename`, and these under the names of every own field. */
function aliasesOf(entity: GraphQLObjectType): string[] {
  const leaves = Object.values(entity.getFields()).filter((field) => !isComposite(field));
  const keys = [...graph.keyFields.get(entity.name)!];
  const taken = [...keys, '__typename'];
  return leaves.flatMap(({ name }) =>
    taken.flatMap((key) =>
      key === name ? [`${name}: __typename`] : [`${key}: ${name}`, `${key}: ${name} ${name}: ${key}`],
    ),
  );
}

/** What the entity's subgraphs hold under names that nobody took: each composite field, with one thing in it. */
function restOf(entity: GraphQLObjectType): string {
  return Object.values(entity.getFields())
    .filter(isComposite)
    .map((field) => `${field.name}${requiredArguments(field)} { ${somethingIn(field.type)} }`)
    .join(' ');

  function somethingIn(type: Parameters<typeof getNamedType>[0]): string {
    const named = getNamedType(type);
    if (!named || isAbstractType(named)) return '__typename';
    const leaf = Object.values((named as GraphQLObjectType).getFields()).find((field) => !isComposite(field));
    return leaf ? leaf.name : '__typename';
  }
}
