import { describe, expect, test } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { answerOf, startTestGateway } from './support/testGateway.js';

describe('GraphQL over HTTP', () => {
  test('every audit of the GraphQL-over-HTTP specification passes', async () => {
    await using it = await startTestGateway();
    const results = await auditServer({
      url: it.url,
      fetchFn: (url: string, init: RequestInit = {}) =>
        fetch(url, { ...init, headers: { ...(init.headers as object), 'apollo-require-preflight': '1' } }),
    });
    expect(results.length).toBeGreaterThanOrEqual(50);
    expect(
      results.filter((result) => result.status !== 'ok').map((result) => `${result.status}: ${result.name}`),
    ).toEqual([]);
  });

  test.each([
    ['application/x-www-form-urlencoded', 'query=mutation%7Brename(id%3A1%2Cname%3A%22x%22)%7Bid%7D%7D'],
    ['text/plain', JSON.stringify({ query: '{ whoAmI }' })],
    ['application/graphql', '{ whoAmI }'],
    ['multipart/form-data; boundary=x', '--x--'],
  ])('a POST of %s is refused with 415', async (type, body) => {
    await using it = await startTestGateway();
    const answer = await it.ask(body, { 'content-type': type });
    expect([answer.status, answer.body.errors![0]!.extensions.code]).toEqual([415, 'INVALID_FORMAT']);
    expect(it.graph.calls).toEqual([]);
  });

  test('a GET needs a header that forces a preflight, and never changes anything', async () => {
    await using it = await startTestGateway();
    const get = async (query: string, headers: Record<string, string>) =>
      answerOf(await fetch(`${it.url}?query=${encodeURIComponent(query)}`, { headers }));
    expect((await get('{ __typename }', {})).status).toBe(400);
    expect((await get('{ whoAmI }', { authorization: 'Bearer good' })).body.data).toHaveProperty('whoAmI');
    const mutation = await get('mutation { rename(id: 1, name: "x") { id } }', { authorization: 'Bearer good' });
    expect([mutation.status, mutation.headers.get('allow')]).toEqual([405, 'POST']);
    expect(it.graph.calls).toHaveLength(1);
  });

  test('a page of another site may read answers only when its origin is configured', async () => {
    await using it = await startTestGateway({ settings: { corsOrigins: ['https://console.example'] } });
    const preflight = (origin: string) =>
      fetch(it.url, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
      });
    const ours = await preflight('https://console.example');
    expect(ours.status).toBe(204);
    expect(ours.headers.get('access-control-allow-origin')).toBe('https://console.example');
    expect(ours.headers.get('access-control-allow-headers')).toContain('authorization');
    const theirs = await preflight('https://evil.example');
    expect(theirs.headers.get('access-control-allow-origin')).toBeNull();
    const answer = await it.ask({ query: '{ whoAmI }' }, { origin: 'https://evil.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });

  test('what a client accepts decides the form', async () => {
    await using it = await startTestGateway();
    const typeFor = async (accept: string) =>
      (await it.ask({ query: '{ whoAmI }' }, { accept })).headers.get('content-type');
    expect(await typeFor('application/json')).toBe('application/json; charset=utf-8');
    expect(await typeFor('application/graphql-response+json, application/json;q=0.9')).toBe(
      'application/graphql-response+json; charset=utf-8',
    );
    expect(await typeFor('multipart/mixed;boundary=graphql;subscriptionSpec=1.0,application/json')).toBe(
      'application/json; charset=utf-8',
    );
    expect((await it.ask({ query: '{ whoAmI }' }, { accept: 'text/csv' })).status).toBe(406);
  });

  test('hostile document ids are unknown operations, not failures', async () => {
    await using it = await startTestGateway();
    for (const documentId of ['__proto__', 'constructor', 'toString']) {
      const { body, status } = await it.ask({ documentId });
      expect([status, body.errors![0]!.extensions.code]).toEqual([200, 'OPERATION_NOT_STORED']);
    }
  });
});
