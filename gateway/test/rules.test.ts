import { describe, expect, test } from '@jest/globals';
import { startEdge } from './support/edge.js';
import { answerOf, post, startTestGateway, type Answer } from './support/testGateway.js';

const signedIn = { authorization: 'Bearer good' };
const ingest = { ...signedIn, 'x-tributary-ingest': '1' };
const overGet = (url: string, query: string) =>
  fetch(`${url}?query=${encodeURIComponent(query)}`, { headers: signedIn }).then(answerOf);

const said = ({ body }: Answer) =>
  body.errors?.map(({ message, path, extensions: { code, details } }) => ({ message, path, code, details }));

describe('a rule about operations holds at an edge as it does at a gateway, in the same words', () => {
  test.each<[string, (url: string) => Promise<Answer>]>([
    ['the schema', (url) => post(url, { query: '{ __schema { queryType { name } } }' }, signedIn)],
    ['schema and data in one', (url) => post(url, { query: '{ __type(name: "Flow") { name } whoAmI }' }, signedIn)],
    [
      'ingestion beside another field',
      (url) => post(url, { query: 'mutation { a: ingestTraces(count: 1) b: ingestTraces(count: 1) }' }, ingest),
    ],
    ['another field as ingestion', (url) => post(url, { query: '{ whoAmI }' }, ingest)],
    ['a mutation over GET', (url) => overGet(url, 'mutation { ingestTraces(count: 1) }')],
    ['a field without a caller', (url) => post(url, { query: '{ me: whoAmI flows { id } }' })],
    ['a subscription without a caller', (url) => post(url, { query: 'subscription { quiet { sequence } }' })],
  ])('%s', async (_what, ask) => {
    await using gateway = await startTestGateway({ settings: { introspection: false } });
    await using edge = await startEdge(() => ({ data: {} }));
    const [byGateway, byEdge] = [await ask(gateway.url), await ask(edge.url)];
    expect(said(byEdge)).toEqual(said(byGateway));
    expect(said(byEdge)!.length).toBeGreaterThan(0);
    expect(edge.received).toEqual([]);
  });

  test('schema and data in one, where the schema may be asked for', async () => {
    await using gateway = await startTestGateway();
    await using edge = await startEdge(() => ({ data: {} }), { introspection: true });
    const ask = (url: string) => post(url, { query: '{ __type(name: "Flow") { name } whoAmI }' }, signedIn);
    expect(said(await ask(edge.url))).toEqual(said(await ask(gateway.url)));
    expect(edge.received).toEqual([]);
  });
});
