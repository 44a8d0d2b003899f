import { expect, test } from '@jest/globals';
import { decodeProtobuf } from '../src/domain/otlp/decodeProtobuf.js';

/** One span as @opentelemetry/otlp-transformer 0.223.1 writes it, with an event, a scope and a resource. */
// cspell:disable
const written = Buffer.from(
  [
    'CpECCh0KGQoMc2VydmljZS5uYW1lEgkKB3BsYW5uZXIQABLvAQoICgNsaWISATES4gEKEAr3ZRkWzUPdhEjrIRyAMZwSCLeta3FpIDMxIggA8G',
    'eqC6kCtyoLY2hhdCBncHQtNG8wAzmAshV6j46YGEEAZfyIj46YGEofChVnZW5fYWkub3BlcmF0aW9uLm5hbWUSBgoEY2hhdEogChlnZW5fYWku',
    'dXNhZ2UuaW5wdXRfdG9rZW5zEgMYsAlKEgoFcmF0aW8SCSEAAAAAAADgP0oICgJvaxICEAFKFAoEdGFncxIMKgoKAwoBYQoDCgFiUABaDgkAox',
    'B9j46YGBIBZSAAYABwAHoGEgJubxgChQEBAQAA',
  ].join(''),
  'base64',
);
// cspell:enable

test('what an exporter writes is read field by field, and what is not needed is passed over', () => {
  expect(decodeProtobuf(written)).toEqual([
    {
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      parentSpanId: '00f067aa0ba902b7',
      name: 'chat gpt-4o',
      startNanos: 1_772_323_200_250_000_000n,
      endNanos: 1_772_323_200_500_000_000n,
      attributes: new Map<string, unknown>([
        ['gen_ai.operation.name', 'chat'],
        ['gen_ai.usage.input_tokens', 1200],
        ['ratio', 0.5],
        ['ok', true],
        ['tags', ['a', 'b']],
      ]),
      failed: true,
      resource: new Map([['service.name', 'planner']]),
    },
  ]);
});

test('bytes that are no request are refused as such', () => {
  expect(() => decodeProtobuf(written.subarray(0, written.length - 3))).toThrow('no ExportTraceServiceRequest');
});
