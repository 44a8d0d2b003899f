import { describe, expect, test } from '@jest/globals';
import { agentMarks, attributeNames, contentNames, type MappedField } from '../src/domain/otlp/attributeNames.js';
import { decodeJson } from '../src/domain/otlp/decodeJson.js';
import { kindsByAttribute, spanKind } from '../src/domain/otlp/spanKind.js';
import { traceOfSpan, type SpanOptions } from '../src/domain/otlp/traceOfSpan.js';
import { jsonRequest, span, type SentSpan } from './otlpRequest.js';

const options: SpanOptions = { allSpans: false, contents: false, countUsageOf: 'MODEL' };

function traceOf(sent: SentSpan, given: Partial<SpanOptions> = {}, resource = {}) {
  const [decoded] = decodeJson(Buffer.from(JSON.stringify(jsonRequest([sent], resource))));
  const taken = traceOfSpan(decoded!, { ...options, ...given });
  if (!taken || 'fault' in taken) throw new Error(`It was not taken: ${JSON.stringify(taken)}`);
  return taken;
}

const model = { 'gen_ai.operation.name': 'chat' };
const numeric = new Set<MappedField>([
  'inputTokens',
  'outputTokens',
  'cachedInputTokens',
  'cacheWriteTokens',
  'costUsd',
]);
const fields = (Object.entries(attributeNames) as [MappedField, readonly string[]][]).filter(
  ([field]) => field !== 'errorType',
);
const names = fields.flatMap(([field, those]) => those.map((name) => [name, field] as const));

describe('each name is read', () => {
  test.each(names)('%s as %s', (name, field) => {
    const value = numeric.has(field) ? 7 : 'seen';
    const mark = field === 'operation' ? { 'gen_ai.system': 'openai' } : model;
    const trace = traceOf(span({ attributes: { ...mark, [name]: value } }));
    expect(trace[field as keyof typeof trace]).toBe(value);
    // What a column holds is not held twice.
    expect(trace.attributes).not.toHaveProperty([name]);
  });

  test.each(fields.filter(([, those]) => those.length > 1))('of several names of %s the first wins', (field, those) => {
    const attributes = Object.fromEntries(those.map((name, at) => [name, numeric.has(field) ? at + 1 : `value ${at}`]));
    const trace = traceOf(span({ attributes: { ...model, ...attributes } }));
    expect(trace[field as keyof typeof trace]).toBe(numeric.has(field) ? 1 : 'value 0');
  });
});

describe('each value says its kind', () => {
  const values = Object.entries(kindsByAttribute).flatMap(([name, kinds]) =>
    Object.entries(kinds).map(([value, kind]) => [name, value, kind] as const),
  );
  test.each(values)('%s %s is %s', (name, value, kind) => {
    expect(spanKind(new Map([[name, value]]))).toBe(kind);
    expect(spanKind(new Map([[name, value.toUpperCase()]]))).toBe(kind);
  });

  test('a value that nobody knows is OTHER', () => {
    expect(spanKind(new Map([['gen_ai.operation.name', 'ponder']]))).toBe('OTHER');
  });
});

test.each(agentMarks)('%s makes a span one of an agent', (mark) => {
  expect(traceOf(span({ attributes: { [mark]: 'x' } })).externalId).toMatch(/^[0-9a-f]{32}-[0-9a-f]{16}$/);
});

test.each(contentNames)('%s is dropped, and kept where an operator wants it', (name) => {
  const sent = span({ attributes: { ...model, [name]: 'secret', [`${name}.0.content`]: 'secret' } });
  expect(JSON.stringify(traceOf(sent))).not.toContain('secret');
  expect(traceOf(sent, { contents: true }).attributes).toMatchObject({
    [name]: 'secret',
    [`${name}.0.content`]: 'secret',
  });
});

test('names of a resource are read when the span has none', () => {
  const resource = { 'service.name': 'billing', 'service.version': '3', 'deployment.environment.name': 'production' };
  expect(traceOf(span(), {}, resource)).toMatchObject({ agent: 'billing', version: '3', environment: 'production' });
  const named = span({ attributes: { ...model, 'gen_ai.agent.name': 'mapper' } });
  expect(traceOf(named, {}, resource).agent).toBe('mapper');
});

test('other attributes stay when they are scalars of 1 KB, 16 KB together, and the rest is counted', () => {
  const attributes = {
    ...model,
    list: [1],
    map: { a: 1 },
    long: 'x'.repeat(1_025),
    nul: 'a\0b',
    fine: 'yes',
    count: 3,
    on: true,
  };
  expect(traceOf(span({ attributes })).attributes).toEqual({ fine: 'yes', count: 3, on: true, _dropped: 4 });
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`n${n}`, 'x'.repeat(900)]));
  const kept = traceOf(span({ attributes: { ...model, ...many } })).attributes;
  expect(Buffer.byteLength(JSON.stringify(kept))).toBeLessThanOrEqual(16_384);
  expect(Object.keys(kept).length - 1 + (kept['_dropped'] as number)).toBe(40);
});

const failed = { code: 2 };
test.each([
  [undefined, undefined, 'OK'],
  [{ code: 1 }, 'timeout', 'OK'],
  [failed, undefined, 'ERROR'],
  [failed, 'RateLimitError', 'ERROR'],
  [failed, 'timeout', 'TIMEOUT'],
  [failed, 'TimeoutError', 'TIMEOUT'],
  [failed, 'DEADLINE_EXCEEDED', 'TIMEOUT'],
  [failed, '408', 'TIMEOUT'],
  [failed, '504', 'TIMEOUT'],
])('status %j with error.type %s is %s', (status, type, expected) => {
  const attributes = { ...model, ...(type ? { 'error.type': type } : {}) };
  expect(traceOf(span({ attributes, ...(status ? { status } : {}) })).status).toBe(expected);
});

test('tokens and cost of a run stay in its attributes, unless the sender reports runs alone', () => {
  const usage = { 'gen_ai.usage.input_tokens': 30, 'gen_ai.usage.output_tokens': 9, 'tributary.cost_usd': 0.5 };
  const run = span({ attributes: { 'gen_ai.operation.name': 'invoke_agent', ...usage } });
  expect(traceOf(run)).toMatchObject({
    kind: 'RUN',
    inputTokens: 0,
    outputTokens: 0,
    costUsd: null,
    attributes: usage,
  });
  expect(traceOf(run, { countUsageOf: 'RUN' })).toMatchObject({ inputTokens: 30, outputTokens: 9, costUsd: 0.5 });
  const call = span({ attributes: { ...model, ...usage } });
  expect(traceOf(call, { countUsageOf: 'RUN' })).toMatchObject({ kind: 'MODEL', inputTokens: 0, costUsd: null });
});
