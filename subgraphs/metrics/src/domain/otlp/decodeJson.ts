import { CodedError } from '@tributary/contracts/errors';
import { hexId } from './hexId.js';
import type { Attributes, AttributeValue, Span } from './Span.js';

type Json = Readonly<Record<string, unknown>>;

const maxDepth = 100;
const errorStatuses = new Set<unknown>([2, 'STATUS_CODE_ERROR']);

/**
 * Reads an `ExportTraceServiceRequest` in OTLP's JSON: ids in hex of either case, 64-bit numbers as text or numbers, names in lowerCamelCase;
 * unknown fields are passed over. Throws INVALID_INPUT.
 */
export function decodeJson(body: Uint8Array): Span[] {
  const request = readObject(parsed(body), 'The body');
  return objects(request['resourceSpans'], 'resourceSpans').flatMap((ofResource) => {
    const resource = readAttributes(optionalObject(ofResource['resource'], 'resource')?.['attributes']);
    return objects(ofResource['scopeSpans'], 'scopeSpans').flatMap((ofScope) =>
      objects(ofScope['spans'], 'spans').map((span) => readSpan(span, resource)),
    );
  });
}

function parsed(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    throw new CodedError('INVALID_INPUT', 'The body is not valid JSON in UTF-8.', {}, { cause });
  }
}

function readSpan(span: Json, resource: Attributes): Span {
  const parent = text(span['parentSpanId'], 'parentSpanId');
  return {
    traceId: hexId(text(span['traceId'], 'traceId'), 16, 'traceId'),
    spanId: hexId(text(span['spanId'], 'spanId'), 8, 'spanId'),
    parentSpanId: parent === '' ? null : hexId(parent, 8, 'parentSpanId'),
    name: text(span['name'], 'name'),
    startNanos: nanos(span['startTimeUnixNano'], 'startTimeUnixNano'),
    endNanos: nanos(span['endTimeUnixNano'], 'endTimeUnixNano'),
    attributes: readAttributes(span['attributes']),
    failed: errorStatuses.has(optionalObject(span['status'], 'status')?.['code']),
    resource,
  };
}

function readAttributes(pairs: unknown): Attributes {
  return new Map(
    objects(pairs, 'attributes').map((pair) => [text(pair['key'], 'key'), readValue(pair['value'], maxDepth)]),
  );
}

function readValue(value: unknown, depthLeft: number): AttributeValue {
  const any = optionalObject(value, 'value');
  if (!any) return null;
  if (depthLeft === 0) throw wrong('An attribute is nested too deep.', 'value');
  if ('stringValue' in any) return text(any['stringValue'], 'stringValue');
  if ('boolValue' in any) return any['boolValue'] === true;
  if ('intValue' in any) return readInteger(any['intValue']);
  if ('doubleValue' in any) return readDouble(any['doubleValue']);
  if ('bytesValue' in any) return text(any['bytesValue'], 'bytesValue');
  if ('arrayValue' in any) {
    const { values } = readObject(any['arrayValue'], 'arrayValue');
    return objects(values, 'values').map((item) => readValue(item, depthLeft - 1));
  }
  if ('kvlistValue' in any) {
    const { values } = readObject(any['kvlistValue'], 'kvlistValue');
    return Object.fromEntries<AttributeValue>(
      objects(values, 'values').map((pair) => [text(pair['key'], 'key'), readValue(pair['value'], depthLeft - 1)]),
    );
  }
  return null;
}

function readInteger(value: unknown): number | string {
  const digits = typeof value === 'number' ? String(value) : value;
  if (typeof digits !== 'string' || !/^-?\d{1,20}$/.test(digits))
    throw wrong('intValue is a whole number.', 'intValue');
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : digits;
}

/** JSON has no infinities: OTLP writes them as text. */
function readDouble(value: unknown): number | string {
  if (typeof value === 'number') return value;
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value;
  throw wrong('doubleValue is a number.', 'doubleValue');
}

function nanos(value: unknown, field: string): bigint {
  if (value === undefined || value === null || value === '') return 0n;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** 64) return BigInt(value);
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt(value);
  throw wrong(`${field} is a number of nanoseconds.`, field);
}

function text(value: unknown, field: string): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'string') return value;
  throw wrong(`${field} is a text.`, field);
}

function objects(value: unknown, field: string): Json[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw wrong(`${field} is a list.`, field);
  return value.map((item) => readObject(item, field));
}

function optionalObject(value: unknown, field: string): Json | null {
  return value === undefined || value === null ? null : readObject(value, field);
}

function readObject(value: unknown, field: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw wrong(`${field} is an object of ExportTraceServiceRequest.`, field);
}

function wrong(message: string, field: string): CodedError {
  return new CodedError('INVALID_INPUT', message, { field });
}
