import { gzipSync } from 'node:zlib';
import { CommandRegistry, LocalCommandClient } from '@tributary/commands';
import { otlpTracesCommand, type OtlpOutcome } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import { InProcessCounters } from '@tributary/limits';
import { describe, expect, test } from '@jest/globals';
import protobuf from 'protobufjs';
import { CallerBudgets, otlpRoutes, type OtlpRouteOptions } from '../src/index.js';
import { canary } from './support/graph.js';
import { startTestGateway, testIdentity } from './support/testGateway.js';

const definitions = protobuf.parse(`
  syntax = "proto3";
  message Response { PartialSuccess partial_success = 1; }
  message PartialSuccess { int64 rejected_spans = 1; string error_message = 2; }
  message Status { int32 code = 1; string message = 2; }
`).root;
const types = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;
const forms = Object.keys(types) as (keyof typeof types)[];
const taken: OtlpOutcome = { spans: 250, accepted: 250, duplicates: 0, skipped: 0, rejected: 0, reasons: [] };

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly message: Record<string, unknown>;
}

/** A gateway whose metrics part answers as `handle` says. What was asked of it is in `seen`. */
async function start(handle: () => OtlpOutcome = () => taken, options: Partial<OtlpRouteOptions> = {}) {
  const seen: unknown[] = [];
  const registry = new CommandRegistry().register(otlpTracesCommand, async (input, { principal }, body) => {
    let bytes = 0;
    for await (const chunk of body!) bytes += (chunk as Buffer).length;
    seen.push({ ...input, bytes, workspaceId: principal.workspaceId });
    return handle();
  });
  const commands = new LocalCommandClient(registry);
  const it = await startTestGateway({ routes: otlpRoutes({ commands, identity: testIdentity, ...options }) });
  const post = async (
    form: keyof typeof types,
    headers: Record<string, string> = {},
    body: Uint8Array<ArrayBuffer> = Buffer.from('x'),
    path = '/v1/traces',
  ): Promise<Answer> => {
    const response = await fetch(it.url.replace('/graphql', path), {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': types[form], ...headers },
      body,
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const isProtobuf = response.headers.get('content-type') === types.protobuf;
    const type = definitions.lookupType(response.status === 200 ? 'Response' : 'Status');
    const message = isProtobuf
      ? type.toObject(type.decode(bytes), { longs: String })
      : (JSON.parse(bytes.toString()) as Record<string, unknown>);
    return { status: response.status, headers: response.headers, message };
  };
  return { it, seen, post, [Symbol.asyncDispose]: () => it.gateway.close() };
}

describe.each(forms)('over %s', (form) => {
  test('what is taken whole is 200 with an empty answer of the same type', async () => {
    await using s = await start();
    const { status, headers, message } = await s.post(form);
    expect([status, headers.get('content-type')!.split(';')[0], message]).toEqual([200, types[form], {}]);
  });

  test('what is refused in part is 200 and says how much and why', async () => {
    await using s = await start(() => ({
      ...taken,
      accepted: 246,
      rejected: 4,
      reasons: ['span a: old', 'span b: new'],
    }));
    const { status, message } = await s.post(form);
    const partialSuccess = { rejectedSpans: '4', errorMessage: 'span a: old\nspan b: new' };
    expect([status, message]).toEqual([200, { partialSuccess }]);
  });

  test.each<[string, Record<string, string>, number, number]>([
    ['nobody', { authorization: '' }, 401, 16],
    ['a token that is not valid', { authorization: 'Bearer wrong' }, 401, 16],
    ['a key that is not known', { authorization: '', 'x-api-key': 'wrong' }, 401, 16],
    ['a key without the action', { authorization: '', 'x-api-key': 'good-key' }, 403, 7],
    ['another encoding', { 'content-encoding': 'br' }, 415, 3],
    ['a way of counting that there is not', { 'x-tributary-count-usage': 'twice' }, 400, 3],
  ])('%s is refused', async (_what, given, status, code) => {
    await using s = await start();
    const headers = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ''));
    const answer = await fetchWithout(s.it.url, form, given['authorization'] === '', headers);
    expect(answer).toEqual([status, code]);
    expect(s.seen).toEqual([]);
  });

  test.each<[string, Error, number, boolean]>([
    ['undecodable', new CodedError('INVALID_INPUT', 'no'), 400, false],
    ['too large', new CodedError('QUOTA_EXCEEDED', 'no'), 413, false],
    ['too much in flight', new CodedError('RATE_LIMIT_EXCEEDED', 'no', { retryAfterSeconds: 7 }), 429, true],
    ['the database away', new CodedError('DATABASE_ERROR', 'no'), 503, true],
    ['metrics away', new CodedError('SERVICE_UNAVAILABLE', 'no'), 503, true],
    ['our own fault', new Error(canary), 503, true],
  ])('%s', async (_what, error, status, again) => {
    await using s = await start(() => {
      throw error;
    });
    const answer = await s.post(form);
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([status, again]);
    expect(JSON.stringify(answer.message)).not.toContain(canary);
    if (status === 429) expect(answer.headers.get('retry-after')).toBe('7');
  });

  test('more bytes than may be sent are 413, announced or not', async () => {
    await using s = await start(() => taken, { maxBytes: 1_000 });
    expect((await s.post(form, {}, Buffer.alloc(1_001))).status).toBe(413);
    const streamed = await fetch(s.it.url.replace('/graphql', '/v1/traces'), {
      method: 'POST',
      headers: { authorization: 'Bearer good', 'content-type': types[form] },
      body: new Blob([new Uint8Array(5_000)]).stream(),
      duplex: 'half',
    } as RequestInit);
    expect(streamed.status).toBe(413);
  });
});

async function fetchWithout(
  url: string,
  form: keyof typeof types,
  anonymous: boolean,
  headers: Record<string, string>,
) {
  const response = await fetch(url.replace('/graphql', '/v1/traces'), {
    method: 'POST',
    headers: { ...(anonymous ? {} : { authorization: 'Bearer good' }), 'content-type': types[form], ...headers },
    body: 'x',
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const status =
    form === 'json' ? JSON.parse(bytes.toString()) : definitions.lookupType('Status').decode(bytes).toJSON();
  return [response.status, (status as { code: number }).code];
}

test('a type that is not OTLP’s is 415, and another method 405', async () => {
  await using s = await start();
  const url = s.it.url.replace('/graphql', '/v1/traces');
  const headers = { authorization: 'Bearer good', 'content-type': 'text/plain' };
  expect((await fetch(url, { method: 'POST', headers, body: 'x' })).status).toBe(415);
  const other = await fetch(url, { headers });
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'POST']);
});

test('the body goes on as it came, as whoever sends it, also below /otlp', async () => {
  await using s = await start();
  const body = gzipSync(Buffer.alloc(50_000));
  const headers = { 'content-encoding': 'gzip', 'x-tributary-count-usage': 'run' };
  await s.post('protobuf', headers, body, '/otlp/v1/traces');
  const workspaceId = '01900000-0000-7000-8000-000000000001';
  expect(s.seen).toEqual([{ format: 'protobuf', gzip: true, countUsageOf: 'RUN', bytes: body.length, workspaceId }]);
});

test('a request counts as one, and 1 cost for each 100 spans', async () => {
  const budgets = { requests: 3, cost: 5, workspaceRequests: 0, workspaceCost: 0 };
  await using s = await start(() => taken, { budgets: new CallerBudgets(new InProcessCounters(), budgets) });
  const first = await s.post('protobuf');
  expect([first.status, first.headers.get('ratelimit')]).toEqual([200, '"requests";r=2;t=60, "cost";r=5;t=60']);
  const second = await s.post('protobuf');
  expect([second.status, second.headers.get('ratelimit')]).toEqual([200, '"requests";r=1;t=60, "cost";r=2;t=60']);
  const third = await s.post('protobuf');
  expect([third.status, third.message['code']]).toEqual([429, 8]);
  expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(50);
});
