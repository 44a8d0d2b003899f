import { randomBytes } from 'node:crypto';
import { exportRequest } from '../src/domain/otlp/exportRequest.js';

export interface SentSpan {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly startTimeUnixNano?: string | number;
  readonly endTimeUnixNano?: string | number;
  readonly attributes?: Readonly<Record<string, unknown>>;
  readonly status?: { readonly code?: number; readonly message?: string };
}

const start = 1_772_323_200_000_000_000n;

/** A sound span of a call of a model, 250 ms long, with the given facts. */
export function span(facts: SentSpan = {}): SentSpan {
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name: 'chat gpt-4o',
    startTimeUnixNano: String(start),
    endTimeUnixNano: String(start + 250_000_000n),
    attributes: { 'gen_ai.operation.name': 'chat' },
    ...facts,
  };
}

/** A request as OTLP's JSON has it. */
export function jsonRequest(spans: readonly SentSpan[], resource: Readonly<Record<string, unknown>> = {}): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: pairs(resource) },
        scopeSpans: [
          { spans: spans.map(({ attributes = {}, ...rest }) => ({ ...rest, attributes: pairs(attributes) })) },
        ],
      },
    ],
  };
}

/** The same in protobuf. */
export function protobufRequest(spans: readonly SentSpan[], resource: Readonly<Record<string, unknown>> = {}): Buffer {
  const request = JSON.parse(JSON.stringify(jsonRequest(spans, resource)), (key, value: unknown) =>
    /^(traceId|spanId|parentSpanId)$/.test(key) ? Buffer.from(value as string, 'hex').toString('base64') : value,
  ) as Record<string, unknown>;
  const type = exportRequest();
  return Buffer.from(type.encode(type.fromObject(request)).finish());
}

function pairs(attributes: Readonly<Record<string, unknown>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) }));
}

function anyValue(value: unknown): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'bigint') return { intValue: value.toString() };
  if (typeof value === 'number') return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  return { kvlistValue: { values: pairs(value as Record<string, unknown>) } };
}
