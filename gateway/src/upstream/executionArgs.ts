import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { Engine } from './createEngine.js';

/** What `execute` and `subscribe` of the engine take. */
export async function executionArgs(
  { schema, contextFactory }: ReturnType<Engine['enveloped']>,
  asked: {
    readonly document: DocumentNode;
    readonly variables: Readonly<Record<string, unknown>>;
    readonly operationName: string | undefined;
  },
) {
  return {
    schema: schema as GraphQLSchema,
    document: asked.document,
    contextValue: (await contextFactory()) as unknown,
    variableValues: asked.variables,
    operationName: asked.operationName,
  };
}
