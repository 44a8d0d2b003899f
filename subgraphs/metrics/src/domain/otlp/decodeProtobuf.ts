import { CodedError } from '@tributary/contracts/errors';
import { exportRequest } from './exportRequest.js';
import { hexId } from './hexId.js';
import type { Attributes, AttributeValue, Span } from './Span.js';

/** Reads an `ExportTraceServiceRequest`; unknown fields are passed over. Throws INVALID_INPUT. */
export function decodeProtobuf(body: Uint8Array): Span[] {
  let request: ExportRequest;
  try {
    request = exportRequest().decode(body) as unknown as ExportRequest;
  } catch (cause) {
    throw new CodedError('INVALID_INPUT', 'The body is no ExportTraceServiceRequest in protobuf.', {}, { cause });
  }
  return request.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const ofResource = toAttributes(resource?.attributes ?? []);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => toSpan(span, ofResource)));
  });
}

/** What protobufjs makes of the messages: fields that were not sent have the values of their prototypes. */
interface ExportRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly KeyValue[] } | null;
    readonly scopeSpans: readonly { readonly spans: readonly SpanMessage[] }[];
  }[];
}

interface SpanMessage {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parentSpanId: Uint8Array;
  readonly name: string;
  readonly startTimeUnixNano: Wide;
  readonly endTimeUnixNano: Wide;
  readonly attributes: readonly KeyValue[];
  readonly status: { readonly code: number } | null;
}

interface KeyValue {
  readonly key: string;
  readonly value: AnyValue | null;
}

/** One of these was sent; `value` is its name. */
interface AnyValue {
  readonly value?: string;
  readonly stringValue: string;
  readonly boolValue: boolean;
  readonly intValue: Wide;
  readonly doubleValue: number;
  readonly arrayValue: { readonly values: readonly AnyValue[] };
  readonly kvlistValue: { readonly values: readonly KeyValue[] };
  readonly bytesValue: Uint8Array;
}

/** A 64-bit number of the library. */
interface Wide {
  readonly low: number;
  readonly high: number;
  readonly unsigned: boolean;
}

const errorStatus = 2;

function toSpan(message: SpanMessage, resource: Attributes): Span {
  return {
    traceId: hexId(Buffer.from(message.traceId).toString('hex'), 16, 'trace_id'),
    spanId: hexId(Buffer.from(message.spanId).toString('hex'), 8, 'span_id'),
    parentSpanId:
      message.parentSpanId.length === 0
        ? null
        : hexId(Buffer.from(message.parentSpanId).toString('hex'), 8, 'parent_span_id'),
    name: message.name,
    startNanos: toBigInt(message.startTimeUnixNano),
    endNanos: toBigInt(message.endTimeUnixNano),
    attributes: toAttributes(message.attributes),
    failed: message.status?.code === errorStatus,
    resource,
  };
}

function toAttributes(pairs: readonly KeyValue[]): Attributes {
  return new Map(pairs.map(({ key, value }) => [key, toValue(value)]));
}

function toValue(any: AnyValue | null): AttributeValue {
  switch (any?.value) {
    case 'stringValue':
      return any.stringValue;
    case 'boolValue':
      return any.boolValue;
    case 'intValue':
      return toNumber(toBigInt(any.intValue));
    case 'doubleValue':
      return Number.isFinite(any.doubleValue) ? any.doubleValue : String(any.doubleValue);
    case 'arrayValue':
      return any.arrayValue.values.map(toValue);
    case 'kvlistValue':
      return Object.fromEntries<AttributeValue>(any.kvlistValue.values.map(({ key, value }) => [key, toValue(value)]));
    case 'bytesValue':
      return Buffer.from(any.bytesValue).toString('base64');
    default:
      return null;
  }
}

function toBigInt({ low, high, unsigned }: Wide): bigint {
  const upper = BigInt(unsigned ? high >>> 0 : high);
  return (upper << 32n) | BigInt(low >>> 0);
}

function toNumber(wide: bigint): number | string {
  const number = Number(wide);
  return Number.isSafeInteger(number) ? number : wide.toString();
}
