import { expect, test } from '@jest/globals';
import { graphql, GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { createLogger } from '@tributary/observability';
import { CursorScalar } from '@tributary/server';
import { formatError } from '../src/formatError.js';

const logger = createLogger({ name: 'test', level: 'silent' });
const schema = new GraphQLSchema({
  query: new GraphQLObjectType({
    name: 'Query',
    fields: { page: { type: GraphQLString, args: { after: { type: CursorScalar } }, resolve: () => 'a page' } },
  }),
});

test.each([
  ['empty', ''],
  ['huge', 'A'.repeat(2_000)],
  ['no text', 5],
])('what a scalar says of a variable keeps its code and message: a cursor that is %s', async (_, after) => {
  const { errors } = await graphql({
    schema,
    source: 'query ($after: Cursor) { page(after: $after) }',
    variableValues: { after },
  });
  const formatted = formatError(errors![0]!, 'r-1', logger);
  expect(formatted.message).toBe('A cursor is the text that this graph gave out, handed back unchanged.');
  expect(formatted.extensions).toMatchObject({ code: 'INVALID_INPUT', requestId: 'r-1' });
});
