import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MirrorGraph } from './support/mirror/MirrorGraph.js';
import { RandomOperations, type RandomOperation } from './support/mirror/RandomOperations.js';
import { startMirrorGateway, type MirrorGateway } from './support/mirror/startMirrorGateway.js';
import type { Answer } from './support/testGateway.js';

type Result = Answer['body'];

/** Two worlds: in one all is there, in the other some values are null and some fail. */
const worlds = { whole: new MirrorGraph(), broken: new MirrorGraph({ nulls: 8, failures: 8 }) };
const gateways = {} as Record<keyof typeof worlds, { own: MirrorGateway; shipped: MirrorGateway }>;
const operations = 120;

beforeAll(async () => {
  for (const [name, graph] of Object.entries(worlds) as [keyof typeof worlds, MirrorGraph][])
    gateways[name] = {
      own: await startMirrorGateway(graph, 'own'),
      shipped: await startMirrorGateway(graph, 'shipped'),
    };
});
afterAll(async () => {
  for (const { own, shipped } of Object.values(gateways))
    await Promise.all([own.gateway.close(), shipped.gateway.close()]);
});

describe('our plan executor', () => {
  for (const [name, graph] of Object.entries(worlds) as [keyof typeof worlds, MirrorGraph][]) {
    test(`answers any operation as one schema over all subgraphs would, in a ${name} world`, async () => {
      for (const { text, variables } of drawn(graph, 11)) {
        const [[own], [judged]] = await Promise.all([
          gateways[name].own.ask(text, variables),
          graph.judged(text, variables),
        ]);
        const answer = { text, data: JSON.stringify(own!.data) };
        expect(answer).toEqual({ text, data: JSON.stringify(judged!.data) });
        // What stands in a place that an error has taken away is not asked of other subgraphs, and cannot fail there. Of several
        // errors that take away one place, graphql-js tells the one that comes first, and so may we another.
        const possible = (judged!.errors ?? []).map(({ path }) => path!);
        const told = (own!.errors ?? []).map(({ path }) => path!);
        const unheardOf = told.filter((path) => !possible.some((other) => isBelow(other, takenAway(own!.data, path))));
        expect({ text, unheardOf }).toEqual({ text, unheardOf: [] });
        expect(told.length > 0).toBe(possible.length > 0);
      }
    }, 120_000);
  }

  test('differs from the one that the engine brings in three things, and in nothing else', async () => {
    const names = Object.keys(worlds) as (keyof typeof worlds)[];
    const found = (await Promise.all(names.map((name) => differencesIn(name, 14)))).flat();
    expect(found.filter((difference) => !differences.includes(difference))).toEqual([]);
    // What is drawn follows the schema, and need not meet all three; planAnswers.test.ts has each of them.
    expect(found).not.toEqual([]);
  }, 120_000);
});

const differences = [
  'a list that is asked for twice has its items twice',
  'nothing is asked for, and that is an error',
  'null stands where none may',
];

/** What the engine's own executor does otherwise: known things, and the texts of operations where it is something else. */
async function differencesIn(name: keyof typeof worlds, seed: number): Promise<string[]> {
  const { own, shipped } = gateways[name];
  const found: string[] = [];
  for (const { text, variables } of drawn(worlds[name], seed)) {
    const [[ours], [theirs]] = await Promise.all([own.ask(text, variables), shipped.ask(text, variables)]);
    const difference = differenceBetween(ours!, theirs!);
    if (difference !== null) found.push(difference ?? text);
  }
  return found;
}

type Path = readonly (string | number)[];

/** The place in an answer that became null for an error with this path. */
function takenAway(data: unknown, path: Path): Path {
  let value = data;
  for (const [depth, key] of path.entries()) {
    if (value === null || value === undefined) return path.slice(0, depth);
    value = (value as Record<string | number, unknown>)[key];
  }
  return path;
}

function isBelow(path: Path, place: Path): boolean {
  return place.every((key, depth) => path[depth] === key);
}

function drawn(graph: MirrorGraph, seed: number): RandomOperation[] {
  const random = new RandomOperations(graph.api, seed);
  return Array.from({ length: operations }, (_, index) => random.next(index % 5 === 4 ? 'mutation' : 'query'));
}

/** What the engine's own executor does otherwise: one of the known things, or undefined for a new one. Null: nothing. */
function differenceBetween(ours: Result, theirs: Result): string | null | undefined {
  if (JSON.stringify(ours.data) === JSON.stringify(theirs.data)) return null;
  if (JSON.stringify(ours.data) === '{}') return 'nothing is asked for, and that is an error';
  return firstDifference(ours.data, theirs.data, (ours.errors?.length ?? 0) > 0);
}

function firstDifference(ours: unknown, theirs: unknown, hasErrors: boolean): string | null | undefined {
  if (ours === theirs) return null;
  if (Array.isArray(ours) && Array.isArray(theirs)) {
    if (theirs.length > ours.length) return 'a list that is asked for twice has its items twice';
    return firstOf(ours.map((item, index) => firstDifference(item, theirs[index], hasErrors)));
  }
  if (ours === null && hasErrors) return 'null stands where none may';
  if (typeof ours !== 'object' || typeof theirs !== 'object' || ours === null || theirs === null) return undefined;
  const other = theirs as Record<string, unknown>;
  const known = Object.entries(ours).map(([key, value]) => firstDifference(value, other[key], hasErrors));
  return firstOf(known);
}

function firstOf(differences: readonly (string | null | undefined)[]): string | null | undefined {
  return differences.find((difference) => difference !== null) ?? null;
}
