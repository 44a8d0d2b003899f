import protobuf from 'protobufjs';

/**
 * The messages of OTLP that an `ExportTraceServiceRequest` is made of, with the fields that are read: numbers and types are those of
 * opentelemetry-proto 1.9. What is not named here is passed over when a request is decoded.
 */
const messages: Record<string, protobuf.IType> = {
  ExportTraceServiceRequest: { fields: { resourceSpans: list(1, 'ResourceSpans') } },
  ResourceSpans: { fields: { resource: one(1, 'Resource'), scopeSpans: list(2, 'ScopeSpans') } },
  Resource: { fields: { attributes: list(1, 'KeyValue') } },
  ScopeSpans: { fields: { spans: list(2, 'Span') } },
  Span: {
    fields: {
      traceId: one(1, 'bytes'),
      spanId: one(2, 'bytes'),
      parentSpanId: one(4, 'bytes'),
      name: one(5, 'string'),
      startTimeUnixNano: one(7, 'fixed64'),
      endTimeUnixNano: one(8, 'fixed64'),
      attributes: list(9, 'KeyValue'),
      status: one(15, 'Status'),
    },
  },
  Status: { fields: { message: one(2, 'string'), code: one(3, 'int32') } },
  KeyValue: { fields: { key: one(1, 'string'), value: one(2, 'AnyValue') } },
  AnyValue: {
    oneofs: {
      value: {
        oneof: ['stringValue', 'boolValue', 'intValue', 'doubleValue', 'arrayValue', 'kvlistValue', 'bytesValue'],
      },
    },
    fields: {
      stringValue: one(1, 'string'),
      boolValue: one(2, 'bool'),
      intValue: one(3, 'int64'),
      doubleValue: one(4, 'double'),
      arrayValue: one(5, 'ArrayValue'),
      kvlistValue: one(6, 'KeyValueList'),
      bytesValue: one(7, 'bytes'),
    },
  },
  ArrayValue: { fields: { values: list(1, 'AnyValue') } },
  KeyValueList: { fields: { values: list(1, 'KeyValue') } },
};

function one(id: number, type: string): protobuf.IField {
  return { id, type };
}

function list(id: number, type: string): protobuf.IField {
  return { id, type, rule: 'repeated' };
}

let compiled: protobuf.Type | null = null;

/** The type of a request with spans, compiled when the first one comes. */
export function exportRequest(): protobuf.Type {
  compiled ??= protobuf.Root.fromJSON({ nested: messages }).lookupType('ExportTraceServiceRequest');
  return compiled;
}
