import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse, print, type InputObjectTypeDefinitionNode } from 'graphql';

const folder = new URL('../../schema/subgraphs/', import.meta.url);

/** By name, what each subgraph says an input type takes. */
function inputTypes(): Map<string, Map<string, string[]>> {
  const found = new Map<string, Map<string, string[]>>();
  for (const file of readdirSync(folder)) {
    const { definitions } = parse(readFileSync(new URL(file, folder), 'utf8'));
    for (const definition of definitions) {
      if (definition.kind !== 'InputObjectTypeDefinition') continue;
      const bySubgraph = found.get(definition.name.value) ?? new Map<string, string[]>();
      found.set(definition.name.value, bySubgraph.set(file, fieldsOf(definition)));
    }
  }
  return found;
}

function fieldsOf({ fields = [] }: InputObjectTypeDefinitionNode): string[] {
  return fields.map(({ name, type }) => `${name.value}: ${print(type)}`).sort();
}

// Federation makes the intersection of input types: a field that one subgraph lacks is gone from the graph, and nobody is told.
test('an input type that several subgraphs take has the same fields in each', () => {
  const shared = [...inputTypes()].filter(([, bySubgraph]) => bySubgraph.size > 1);
  expect(shared.map(([name]) => name)).toContain('TimeRange');
  for (const [name, bySubgraph] of shared) {
    const [first, ...others] = [...bySubgraph.values()];
    for (const other of others) expect({ name, fields: other }).toEqual({ name, fields: first });
  }
});
