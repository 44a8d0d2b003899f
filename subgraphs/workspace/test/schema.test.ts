import { describe, expect, test } from '@jest/globals';
import { isInputObjectType, isInterfaceType, isObjectType, isSpecifiedScalarType } from 'graphql';
import { actionExtension } from '@tributary/server';
import { isAction } from '@tributary/contracts/actions';
import type { AccessTokenIssuer } from '@tributary/auth';
import type { SubgraphDeps } from '@tributary/server';
import { workspaceSubgraph } from '@tributary/subgraph-workspace';

const { declared } = await workspaceSubgraph({ accessTokens: {} as AccessTokenIssuer })
  .serve({} as SubgraphDeps)
  .load();
const ownTypes = Object.values(declared.getTypeMap()).filter(
  (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
);

describe('the workspace part of the graph', () => {
  test('describes every field, argument and input', () => {
    const bare: string[] = [];
    for (const type of ownTypes) {
      if (!isObjectType(type) && !isInterfaceType(type) && !isInputObjectType(type)) continue;
      for (const field of Object.values(type.getFields())) {
        if (!field.description) bare.push(`${type.name}.${field.name}`);
        if (!('args' in field)) continue;
        // What an `input` is, its type says.
        for (const argument of field.args)
          if (argument.name !== 'input' && !argument.description)
            bare.push(`${type.name}.${field.name}(${argument.name})`);
      }
    }
    expect(bare).toEqual([]);
  });

  test('names an action of the catalogue at every root field and every sensitive one', () => {
    const roots = [declared.getQueryType()!, declared.getMutationType()!].flatMap((type) =>
      Object.values(type.getFields()),
    );
    const sensitive = [
      ['Workspace', 'members'],
      ['Workspace', 'apiKeys'],
      ['Workspace', 'auditLog'],
      ['User', 'email'],
      ['ApiKey', 'scopes'],
      ['ApiKey', 'lastUsedAt'],
    ].map(([typeName, field]) => {
      const type = declared.getType(typeName!);
      return isObjectType(type) ? type.getFields()[field!]! : null;
    });
    for (const field of [...roots, ...sensitive])
      expect(isAction(String(field?.extensions[actionExtension]))).toBe(true);
  });

  test('every root field is nullable, so that one failure costs its own branch only', () => {
    const roots = [declared.getQueryType()!, declared.getMutationType()!].flatMap((type) =>
      Object.values(type.getFields()),
    );
    expect(roots.filter((field) => String(field.type).endsWith('!'))).toEqual([]);
  });
});
