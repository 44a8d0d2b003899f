import type { OtlpOutcome } from '@tributary/contracts/commands';
import { errorRegister, type ErrorCode } from '@tributary/contracts/errors';
import protobuf from 'protobufjs/minimal.js';
import { formatError } from '../../../result/formatError.js';
import type { HttpExchange } from '../../http/HttpExchange.js';
import { UnsupportedBody } from '../../http/readBody.js';
import { contentTypes, otlpFormat } from './otlpForms.js';

/** How long an exporter waits when nothing says more. */
const retryAfterSeconds = 2;

/** google.rpc.Code of an HTTP status. */
const rpcCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  413: 3,
  415: 3,
  429: 8,
  503: 14,
};

/** 200 with an `ExportTraceServiceResponse`: what was refused is a partial success, and nobody sends it again. */
export function sendOtlpOutcome(exchange: HttpExchange, { rejected, reasons }: OtlpOutcome): void {
  const format = otlpFormat(exchange)!;
  const errorMessage = reasons.join('\n');
  if (format === 'json') {
    // OTLP's JSON writes 64-bit numbers as text.
    exchange.sendJson(200, rejected === 0 ? {} : { partialSuccess: { rejectedSpans: String(rejected), errorMessage } });
    return;
  }
  const writer = protobuf.Writer.create();
  if (rejected > 0)
    writer.uint32(tag(1, 2)).fork().uint32(tag(1, 0)).int64(rejected).uint32(tag(2, 2)).string(errorMessage).ldelim();
  exchange.send(200, writer.finish(), contentTypes.protobuf);
}

/** A `google.rpc.Status`. What might be stored all the same is 503 and never 500, which exporters do not send again. */
export function sendOtlpError(exchange: HttpExchange, error: unknown, format: keyof typeof contentTypes): void {
  const { message, extensions } = formatError(error, { requestId: exchange.requestId, logger: exchange.logger });
  exchange.failure = extensions.code;
  const status = error instanceof UnsupportedBody ? 415 : statusOf(extensions.code);
  const wait = extensions.details['retryAfterSeconds'];
  if (status === 429 || status === 503)
    exchange.response.setHeader('retry-after', String(typeof wait === 'number' ? wait : retryAfterSeconds));
  const code = rpcCodes[status] ?? 2;
  if (format === 'json') exchange.sendJson(status, { code, message });
  else
    exchange.send(
      status,
      protobuf.Writer.create().uint32(tag(1, 0)).int32(code).uint32(tag(2, 2)).string(message).finish(),
      contentTypes.protobuf,
    );
}

function statusOf(code: ErrorCode): number {
  const status = errorRegister[code].httpStatus;
  return status >= 500 ? 503 : status;
}

/** What stands in front of a field: its number, and how it is written (0: a number, 2: bytes of a length). */
function tag(field: number, wire: 0 | 2): number {
  return (field << 3) | wire;
}
