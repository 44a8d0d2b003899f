import { GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';
import { GraphQLJSONObject } from 'graphql-scalars';
import { CodedError } from '@tributary/contracts/errors';

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i;

function readDateTime(value: unknown): Date {
  const date = typeof value === 'string' && rfc3339.test(value) ? new Date(value) : null;
  if (!date || Number.isNaN(date.getTime())) {
    throw new CodedError(
      'INVALID_INPUT',
      'A DateTime is written as RFC 3339 with a zone, such as "2026-01-31T12:00:00.000Z".',
    );
  }
  return date;
}

export const DateTimeScalar = new GraphQLScalarType<Date, string>({
  name: 'DateTime',
  description:
    'A moment, RFC 3339 in UTC with milliseconds, such as "2026-01-31T12:00:00.000Z". On input any zone is taken.',
  serialize: (value) => (value instanceof Date ? value : new Date(String(value))).toISOString(),
  parseValue: readDateTime,
  parseLiteral: (node: ValueNode) => readDateTime(node.kind === Kind.STRING ? node.value : null),
});

function readCursor(value: unknown): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= 1_000) return value;
  throw new CodedError('INVALID_INPUT', 'A cursor is the text that this graph gave out, handed back unchanged.');
}

export const CursorScalar = new GraphQLScalarType<string, string>({
  name: 'Cursor',
  description: 'A position in a list or a stream. Opaque: a client only ever hands it back.',
  serialize: String,
  parseValue: readCursor,
  parseLiteral: (node: ValueNode) => readCursor(node.kind === Kind.STRING ? node.value : null),
});

export const JsonObjectScalar = GraphQLJSONObject;
