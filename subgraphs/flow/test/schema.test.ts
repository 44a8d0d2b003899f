import { describe, expect, test } from '@jest/globals';
import { isInputObjectType, isInterfaceType, isObjectType, isSpecifiedScalarType } from 'graphql';
import { isAction } from '@tributary/contracts/actions';
import { actionExtension } from '@tributary/server';
import type { SubgraphDeps } from '@tributary/server';
import { flowSubgraph } from '@tributary/subgraph-flow';

const { declared } = await flowSubgraph({ uploads: null as never })
  .serve({} as SubgraphDeps)
  .load();
const types = Object.values(declared.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);
const roots = [declared.getQueryType()!, declared.getMutationType()!, declared.getSubscriptionType()!];

describe('the flow part of the graph', () => {
  test('describes every type, field, argument and input, but what the workspace subgraph owns and describes', () => {
    const bare: string[] = [];
    for (const type of types) {
      if (!type.description && !roots.includes(type as never)) bare.push(type.name);
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        if (!field.description) bare.push(`${type.name}.${field.name}`);
        if (!('args' in field)) continue;
        for (const argument of field.args)
          if (!argument.description) bare.push(`${type.name}.${field.name}(${argument.name})`);
      }
    }
    expect(bare.sort()).toEqual(['ApiKey', 'ApiKey.id', 'User', 'User.id']);
  });

  test('names an action of the catalogue at every root field and at every field that joins another part', () => {
    const flow = declared.getType('Flow');
    const joins = isObjectType(flow) ? [flow.getFields()['createdBy']!] : [];
    for (const field of [...roots.flatMap((type) => Object.values(type.getFields())), ...joins]) {
      expect([field.name, isAction(String(field.extensions[actionExtension]))]).toEqual([field.name, true]);
    }
  });

  test('lets every query and mutation fail alone', () => {
    const fields = roots.slice(0, 2).flatMap((type) => Object.values(type.getFields()));
    expect(fields.filter((field) => String(field.type).endsWith('!')).map((field) => field.name)).toEqual([]);
  });
});
