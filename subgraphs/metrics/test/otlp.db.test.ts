import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { otlpTracesCommand } from '@tributary/contracts/commands';
import { systemPrincipal, type Principal } from '@tributary/contracts/principal';
import { Random } from '@tributary/kit';
import { ask, person } from '@tributary/kit/world';
import { Deadline, newUuid } from '@tributary/kernel';
import { startMetricsWorld, type MetricsWorld } from './metricsWorld.js';
import { jsonRequest, protobufRequest, span, type SentSpan } from './otlpRequest.js';

let world: MetricsWorld;

beforeAll(async () => {
  world = await startMetricsWorld();
}, 60_000);

afterAll(async () => world[Symbol.asyncDispose]());

interface Form {
  readonly format?: 'protobuf' | 'json';
  readonly gzip?: boolean;
  readonly countUsageOf?: 'MODEL' | 'RUN';
}

function send(principal: Principal, body: Uint8Array, form: Form = {}) {
  const context = { principal, requestId: newUuid(), deadline: Deadline.in(30_000) };
  const input = { format: 'protobuf', gzip: false, countUsageOf: 'MODEL', ...form } as const;
  return world.commands.stream(otlpTracesCommand, input, Readable.from([body]), context);
}

const json = (spans: readonly SentSpan[]) => Buffer.from(JSON.stringify(jsonRequest(spans)));
const all = `query { traces(range: { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }) { nodes {
  externalId startedAt durationMs status agent operation model inputTokens outputTokens } } }`;

async function stored(principal: Principal) {
  return (await ask(world, principal, all)).data.traces.nodes as Record<string, unknown>[];
}

describe.each<[string, Form, (spans: readonly SentSpan[]) => Buffer]>([
  ['protobuf', { format: 'protobuf' }, protobufRequest],
  ['JSON', { format: 'json' }, json],
  ['zipped protobuf', { format: 'protobuf', gzip: true }, (spans) => gzipSync(protobufRequest(spans))],
  ['zipped JSON', { format: 'json', gzip: true }, (spans) => gzipSync(json(spans))],
])('%s', (_name, form, encode) => {
  test('becomes traces, once however often it is sent', async () => {
    const operator = person(newUuid());
    const attributes = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.agent.name': 'mapper',
      'gen_ai.response.model': 'gpt-4o',
      'gen_ai.usage.input_tokens': 1_200,
      'gen_ai.usage.output_tokens': 34,
    };
    const sent = span({ attributes });
    const body = encode([sent, span({ attributes: { 'http.method': 'GET' } })]);
    const counted = { spans: 2, skipped: 1, rejected: 0, reasons: [] };
    expect(await send(operator, body, form)).toEqual({ ...counted, accepted: 1, duplicates: 0 });
    expect(await send(operator, body, form)).toEqual({ ...counted, accepted: 0, duplicates: 1 });
    expect(await stored(operator)).toEqual([
      {
        externalId: `${sent.traceId}-${sent.spanId}`,
        startedAt: '2026-03-01T00:00:00.000Z',
        durationMs: 250,
        status: 'OK',
        agent: 'mapper',
        operation: 'chat',
        model: 'gpt-4o',
        inputTokens: 1_200,
        outputTokens: 34,
      },
    ]);
  });

  test('with nothing in it is taken', async () => {
    const outcome = { spans: 0, accepted: 0, duplicates: 0, skipped: 0, rejected: 0, reasons: [] };
    expect(await send(person(newUuid()), encode([]), form)).toEqual(outcome);
  });
});

test('a run with three calls of models counts the tokens of three', async () => {
  const operator = person(newUuid());
  const traceId = randomBytes(16).toString('hex');
  const usage = (input: number) => ({ 'gen_ai.usage.input_tokens': input, 'gen_ai.usage.output_tokens': 1 });
  const run = span({ traceId, attributes: { 'gen_ai.operation.name': 'invoke_agent', ...usage(60) } });
  const calls = [10, 20, 30].map((input) =>
    span({ traceId, parentSpanId: run.spanId!, attributes: { 'gen_ai.operation.name': 'chat', ...usage(input) } }),
  );
  await send(operator, protobufRequest([run, ...calls]));
  const kpis = `query { kpis(range: { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }) {
    requests { value } inputTokens { value } outputTokens { value } } }`;
  expect((await ask(world, operator, kpis)).data.kpis).toEqual({
    requests: { value: 4 },
    inputTokens: { value: 60 },
    outputTokens: { value: 3 },
  });
});

test('a call that does not say whose it is belongs to the agent and the session of the run around it', async () => {
  const admin = person(newUuid(), 'ADMIN');
  const traceId = randomBytes(16).toString('hex');
  const said = { 'session.id': 'talk-9', 'user.id': 'u-9', 'tributary.department': 'sales' };
  const web = span({ traceId, attributes: { 'http.method': 'POST', ...said } });
  const run = span({
    traceId,
    parentSpanId: web.spanId!,
    attributes: { 'gen_ai.operation.name': 'invoke_agent', 'gen_ai.agent.name': 'planner' },
  });
  const step = span({ traceId, parentSpanId: run.spanId!, attributes: { 'db.system': 'postgresql' } });
  const below = (parentSpanId: string, more = {}) =>
    span({ traceId, parentSpanId, attributes: { 'gen_ai.operation.name': 'chat', ...more } });
  const calls = [
    below(step.spanId!, { 'gen_ai.request.model': 'gpt-4o', 'gen_ai.usage.input_tokens': 100 }),
    below(run.spanId!, { 'gen_ai.agent.name': 'helper', 'session.id': 'talk-10' }),
    below('00000000000000aa'),
  ];
  // Children end, and are sent, before what they are part of.
  await send(admin, protobufRequest([...calls, step, run, web]));
  const nodes = `query { traces(range: { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }) { nodes { externalId agent sessionId user department costSource costUsd } } }`;
  const of = (await ask(world, admin, nodes)).data.traces.nodes as Record<string, unknown>[];
  const byId = new Map(of.map((each) => [String(each['externalId']).slice(33), each]));
  const inherited = { sessionId: 'talk-9', user: 'u-9', department: 'sales' };
  expect(byId.get(run.spanId!)).toMatchObject({ agent: 'planner', ...inherited, costSource: 'PRICED', costUsd: 0 });
  expect(byId.get(calls[0]!.spanId!)).toMatchObject({ agent: 'planner', ...inherited });
  expect(byId.get(calls[1]!.spanId!)).toMatchObject({ ...inherited, agent: 'helper', sessionId: 'talk-10' });
  expect(byId.get(calls[2]!.spanId!)).toMatchObject({ sessionId: null, department: null });
});

test('a run and its calls are a tree, with session, provider and a user whom only some may see', async () => {
  const admin = person(newUuid(), 'ADMIN');
  const traceId = randomBytes(16).toString('hex');
  const session = { 'gen_ai.conversation.id': 'talk-1', 'user.id': 'u-77', 'gen_ai.provider.name': 'openai' };
  const run = span({ traceId, attributes: { 'gen_ai.operation.name': 'invoke_agent', ...session } });
  const call = span({
    traceId,
    parentSpanId: run.spanId!,
    attributes: { 'gen_ai.operation.name': 'chat', ...session },
  });
  await send(admin, protobufRequest([run, call]));
  const tree = `query { traces(range: { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }, filter: { kind: [RUN], sessionId: ["talk-1"], provider: ["openai"] }) {
    nodes { kind sessionId user provider parent { id } children { kind user parent { kind } } } } }`;
  const known = { sessionId: 'talk-1', provider: 'openai', parent: null };
  expect((await ask(world, admin, tree)).data.traces.nodes).toEqual([
    { ...known, kind: 'RUN', user: 'u-77', children: [{ kind: 'MODEL', user: 'u-77', parent: { kind: 'RUN' } }] },
  ]);
  const viewer = { ...admin, role: 'VIEWER' } as const;
  expect((await ask(world, viewer, tree)).data.traces.nodes).toEqual([
    { ...known, kind: 'RUN', user: '***', children: [{ kind: 'MODEL', user: '***', parent: { kind: 'RUN' } }] },
  ]);
  const groups = `query { metricBreakdown(by: KIND, range: { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }) { key requests } }`;
  expect((await ask(world, admin, groups)).data.metricBreakdown).toEqual([
    { key: 'MODEL', requests: 1 },
    { key: 'RUN', requests: 1 },
  ]);
});

test('what cannot be stored is rejected alone, with its span and reason', async () => {
  const operator = person(newUuid());
  const later = String(BigInt(Date.now() + 2 * 86_400_000) * 1_000_000n);
  const spans = [
    span(),
    span({ endTimeUnixNano: '0' }),
    span({ endTimeUnixNano: '5' }),
    span({ startTimeUnixNano: later, endTimeUnixNano: later }),
    span({ attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': -5 } }),
  ];
  const { accepted, rejected, reasons } = await send(operator, protobufRequest(spans));
  expect({ accepted, rejected }).toEqual({ accepted: 1, rejected: 4 });
  expect(reasons).toHaveLength(3);
  expect(reasons[0]).toBe(`span ${spans[1]!.spanId}: it has no end: send it when it is over.`);
});

test('more than 1,000 spans go in several transactions, and a second sending finds all', async () => {
  const operator = person(newUuid());
  const body = protobufRequest(Array.from({ length: 2_500 }, () => span()));
  world.statements.length = 0;
  expect(await send(operator, body)).toMatchObject({ accepted: 2_500, duplicates: 0 });
  expect(world.statements.filter((name) => name === 'audit.append')).toHaveLength(3);
  expect(await send(operator, body)).toMatchObject({ accepted: 0, duplicates: 2_500 });
});

test('ids in upper case are the same, 64-bit numbers may be texts, and unknown fields are passed over', async () => {
  const operator = person(newUuid());
  const sent = span({ attributes: { 'gen_ai.operation.name': 'chat', 'gen_ai.usage.input_tokens': 9_000n } });
  const upper = span({ ...sent, traceId: sent.traceId!.toUpperCase(), spanId: sent.spanId!.toUpperCase() });
  const unknown = { ...jsonRequest([upper]), somethingNew: { of: 'later' } };
  expect(await send(operator, json([sent]), { format: 'json' })).toMatchObject({ accepted: 1 });
  expect(await send(operator, Buffer.from(JSON.stringify(unknown)), { format: 'json' })).toMatchObject({
    duplicates: 1,
  });
  expect((await stored(operator))[0]).toMatchObject({ inputTokens: 9_000 });
});

describe('refused whole', () => {
  const refused = async (body: Uint8Array, form: Form) =>
    send(person(newUuid()), body, form).then(
      () => 'taken',
      (error: { code: string }) => error.code,
    );
  const shortId = span({ traceId: 'abcd' });
  test.each<[string, Uint8Array, Form, string]>([
    ['what is no protobuf', Buffer.from('hello, this is text'), {}, 'INVALID_INPUT'],
    ['what is no JSON', Buffer.from('{'), { format: 'json' }, 'INVALID_INPUT'],
    ['JSON of another form', Buffer.from('[1]'), { format: 'json' }, 'INVALID_INPUT'],
    ['what is no gzip', Buffer.from('plain'), { gzip: true }, 'INVALID_INPUT'],
    ['half of a gzip', gzipSync(protobufRequest([span()])).subarray(0, 40), { gzip: true }, 'INVALID_INPUT'],
    ['an id of another length', protobufRequest([shortId]), {}, 'INVALID_INPUT'],
    ['the same in JSON', json([shortId]), { format: 'json' }, 'INVALID_INPUT'],
    ['an id of zeros', protobufRequest([span({ spanId: '0'.repeat(16) })]), {}, 'INVALID_INPUT'],
    ['more than 20 MiB', Buffer.alloc(20 * 1024 * 1024 + 1), {}, 'QUOTA_EXCEEDED'],
    ['a small gzip of 200 MiB', gzipSync(Buffer.alloc(200 * 1024 * 1024)), { gzip: true }, 'QUOTA_EXCEEDED'],
  ])('%s', async (_name, body, form, code) => {
    expect(await refused(body, form)).toBe(code);
  });

  test('more than 10,000 spans', async () => {
    expect(await refused(protobufRequest(Array.from({ length: 10_001 }, () => span())), {})).toBe('QUOTA_EXCEEDED');
  });

  test('a system part without a workspace of its own stores nothing for another', async () => {
    const [mine, other] = [newUuid(), newUuid()];
    await send(systemPrincipal(mine, 'test'), protobufRequest([span()]));
    expect(await stored(person(other))).toEqual([]);
    expect(await stored(person(mine))).toHaveLength(1);
  });
});

test('random and truncated bytes are refused or taken, and nothing else happens', async () => {
  const random = new Random(20_260_301);
  const operator = person(newUuid());
  const sound = protobufRequest([span(), span()]);
  for (let round = 0; round < 2_000; round += 1) {
    const cut = Buffer.from(sound.subarray(0, random.between(0, sound.length - 1)));
    for (let flips = random.between(0, 3); flips > 0 && cut.length > 0; flips -= 1)
      cut[random.between(0, cut.length - 1)] = random.between(0, 255);
    const outcome = await send(operator, cut).catch((error: { code?: string }) => error.code ?? 'no code');
    if (typeof outcome === 'string') expect(outcome).toBe('INVALID_INPUT');
  }
}, 60_000);
