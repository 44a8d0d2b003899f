import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { RawSocket } from './support/sockets.js';
import { startTestGateway, type TestGateway } from './support/testGateway.js';

const invalid = (field: string) => [{ extensions: { code: 'INVALID_INPUT', details: { field } } }];

describe('odd input', () => {
  let it: TestGateway;
  beforeAll(async () => {
    it = await startTestGateway();
  });
  afterAll(async () => it?.[Symbol.asyncDispose]());

  test.each([
    ['{ __typename @skip(if: $b) }', 'query ($b: Boolean!)', { b: 'yes' }, 'b'],
    ['{ __typename @include(if: $b) }', 'query ($b: Boolean!)', { b: 1 }, 'b'],
    ['{ whoAmI @skip(if: $b) }', 'query ($b: Boolean!)', { b: 'yes' }, 'b'],
    ['{ sum(of: $of) }', 'query ($of: [Int!]!)', { of: [1, 'x'] }, 'of.1'],
    ['{ longName(input: $input) }', 'query ($input: NameInput!)', { input: { name: 'x', size: 1.5 } }, 'input.size'],
  ])(
    '%s with a variable of another type is INVALID_INPUT and names the variable',
    async (selection, head, variables, field) => {
      const { body, status } = await it.ask({ query: `${head} ${selection}`, variables });
      expect(status).toBeLessThan(500);
      expect(body.errors).toMatchObject(invalid(field));
    },
  );

  test('a value of another type in the document names its argument', async () => {
    const { body } = await it.ask({
      query: '{ sum(of: [1, 2, "x"]) longName(input: { name: "x", size: 2147483648 }) }',
    });
    expect(body.errors).toMatchObject([...invalid('of.2'), ...invalid('input.size')]);
  });

  test.each([
    ['lists', '['.repeat(1_990)],
    ['lists with something before', '[1 '.repeat(900)],
    ['lists that are closed', `${'['.repeat(990)}${']'.repeat(990)}`],
    ['lists in a type', null],
  ])('%s deep in each other are INVALID_INPUT, also of nobody', async (_what, nest) => {
    const query = nest === null ? `query ($of: ${'['.repeat(1_900)}Int) { __typename }` : `{ sum(of: ${nest}) }`;
    const senders: Record<string, string>[] = [{}, { authorization: '' }];
    for (const headers of senders) {
      const { body, status } = await it.ask({ query }, headers);
      expect(status).toBeLessThan(500);
      expect(body.errors).toMatchObject(invalid('of'));
    }
  });

  test('brackets in texts and comments are no lists', async () => {
    const brackets = '['.repeat(100);
    const { body } = await it.ask({
      query: `# ${brackets}\n{ longName(input: { name: "\\"${brackets}" }) other: longName(input: { name: """\\"""${brackets}""" }) }`,
    });
    expect(body.data).toEqual({ longName: `"${brackets}`, other: `"""${brackets}` });
  });

  test('a directive that is written eleven times is one error', async () => {
    const { body } = await it.ask({ query: `{ whoAmI ${'@include(if: true) '.repeat(11)} }` });
    expect(body.errors).toHaveLength(1);
    expect(body.errors).toMatchObject([{ extensions: { code: 'INVALID_INPUT' } }]);
  });

  test('over graphql-ws the operation is refused, and the socket stays open', async () => {
    await using socket = await RawSocket.open(it.wsUrl, { authorization: 'Bearer good' });
    const query = 'query ($input: NameInput!) { longName(input: $input) }';
    const send = (id: string, name: string): void =>
      socket.send(
        `{"id":"${id}","type":"subscribe","payload":{"query":${JSON.stringify(query)},"variables":{"input":{"name":${name}}}}}`,
      );
    send('nul', '"\\u0000"');
    expect(await socket.next('error', 'nul')).toMatchObject({ payload: invalid('input.name') });
    send('long', '12345678901234567890123');
    expect(await socket.next('error', 'long')).toMatchObject({ payload: invalid('input.name') });
    send('long', '"well"');
    expect(await socket.next('next', 'long')).toMatchObject({ payload: { data: { longName: 'well' } } });
  });

  test.each([
    ['NUL', '"\\u0000"', 400],
    ['1e400', '1e400', 400],
  ])('%s in the variables of a GET is INVALID_INPUT', async (_what, value, status) => {
    const query = new URLSearchParams({
      query: 'query ($input: NameInput!) { longName(input: $input) }',
      variables: `{"input":{"name":${value}}}`,
    });
    const response = await fetch(`${it.url}?${query}`, { headers: { authorization: 'Bearer good' } });
    expect(response.status).toBe(status);
    expect(await response.json()).toMatchObject({ errors: invalid('input.name') });
  });
});
