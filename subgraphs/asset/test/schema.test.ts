import { expect, test } from '@jest/globals';
import { isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { SubgraphDeps } from '@tributary/server';
import { assetSubgraph } from '@tributary/subgraph-asset';

const { declared } = await assetSubgraph.serve({} as SubgraphDeps).load();
const types = Object.values(declared.getTypeMap()).filter((type) => !type.name.startsWith('__'));

test('every type and every field says what it is, but what the flow subgraph owns and describes', () => {
  const silent = types.flatMap((type) => {
    const fields =
      isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
    const names = fields.filter((field) => !field.description).map((field) => `${type.name}.${field.name}`);
    return type.description ? names : [type.name, ...names];
  });
  expect(
    silent.filter((name) => !['Query', 'Mutation', 'String', 'Boolean', 'ID', 'Int', 'Float'].includes(name)),
  ).toEqual(['Flow', 'Flow.id']);
});

test('every root field, and every field that joins another part’s data, names its action', () => {
  const actionOf = (type: string, field: string) => {
    const object = declared.getType(type);
    return isObjectType(object) ? object.getFields()[field]?.extensions['action'] : undefined;
  };
  const roots = ['Query', 'Mutation'].flatMap((type) => {
    const object = declared.getType(type);
    return isObjectType(object) ? Object.keys(object.getFields()).map((field) => [type, field] as const) : [];
  });
  expect(roots.filter(([type, field]) => actionOf(type, field) === undefined)).toEqual([]);
  expect([actionOf('Flow', 'assets'), actionOf('Asset', 'discoveredBy')]).toEqual(['asset.read', 'flow.read']);
});
