import type { Readable } from 'node:stream';
import type { InputOf, OtlpOutcome, otlpTracesCommand } from '@tributary/contracts/commands';
import { CodedError } from '@tributary/contracts/errors';
import type { RequestContext } from '@tributary/kernel';
import { counter } from '@tributary/observability';
import type { SentTrace } from '../checkTrace.js';
import { maxTraces, type TraceIntake } from '../TraceIntake.js';
import { BytesInFlight } from './BytesInFlight.js';
import { decodeJson } from './decodeJson.js';
import { decodeProtobuf } from './decodeProtobuf.js';
import { readBody } from './readBody.js';
import type { Span } from './Span.js';
import { spansAbove } from './spansAbove.js';
import { traceOfSpan, type SpanOptions } from './traceOfSpan.js';

export interface OtlpOptions extends Pick<SpanOptions, 'allSpans' | 'contents'> {
  /** Of one request, unzipped. */
  readonly maxBytes: number;
}

export const defaultOtlpOptions: OtlpOptions = { maxBytes: 20 * 1024 * 1024, allSpans: false, contents: false };

const maxSpans = 10_000;
const maxBytesInFlight = 64 * 1024 * 1024;
/** Reasons that an answer gives. */
const maxReasons = 3;

const skippedSpans = counter(
  'tributary_otlp_skipped_spans_total',
  'Spans sent over OTLP that no agent or model is behind, and that were passed over.',
);

type Input = InputOf<typeof otlpTracesCommand>;

/** Takes in what OpenTelemetry exporters send: decodes, maps spans to traces and stores them, 1,000 in a transaction. */
export class OtlpIntake {
  private readonly inFlight = new BytesInFlight(maxBytesInFlight);

  constructor(
    private readonly intake: TraceIntake,
    private readonly options: OtlpOptions,
  ) {}

  /**
   * Sending the same spans again is safe, also after a failure in the middle: those that are stored are duplicates then. Throws
   * INVALID_INPUT for what cannot be decoded, QUOTA_EXCEEDED for too much, RATE_LIMIT_EXCEEDED while too much is in flight.
   */
  async take(input: Input, context: RequestContext, body: Readable): Promise<OtlpOutcome> {
    try {
      const spans = await this.decoded(input, context, body);
      return await this.store(spans, input, context);
    } finally {
      // What still comes in is thrown away, not refused: the sender must be able to read the answer.
      body.resume();
    }
  }

  private async decoded(input: Input, context: RequestContext, body: Readable): Promise<Span[]> {
    using read = await readBody(body, input.gzip, {
      maxBytes: this.options.maxBytes,
      inFlight: this.inFlight,
      signal: AbortSignal.timeout(Math.ceil(context.deadline.atMost(60_000))),
    });
    const spans = input.format === 'protobuf' ? decodeProtobuf(read.bytes) : decodeJson(read.bytes);
    if (spans.length > maxSpans)
      throw new CodedError('QUOTA_EXCEEDED', `A request has at most ${maxSpans} spans. Send smaller batches.`, {
        limit: 'otlpSpans',
        max: maxSpans,
      });
    return spans;
  }

  private async store(spans: readonly Span[], input: Input, context: RequestContext): Promise<OtlpOutcome> {
    const reasons: string[] = [];
    let rejected = 0;
    let skipped = 0;
    const reject = (span: string, reason: string): void => {
      rejected += 1;
      if (reasons.length < maxReasons) reasons.push(`span ${span}: ${reason}`);
    };
    const traces: SentTrace[] = [];
    const options = { ...this.options, countUsageOf: input.countUsageOf };
    const above = spansAbove(spans);
    for (const span of spans) {
      const taken = traceOfSpan(span, options, above(span));
      if (taken === null) skipped += 1;
      else if ('fault' in taken) reject(span.spanId, taken.fault);
      else traces.push(taken);
    }
    skippedSpans.inc(skipped);
    let accepted = 0;
    let duplicates = 0;
    for (let first = 0; first < traces.length; first += maxTraces) {
      const batch = traces.slice(first, first + maxTraces);
      const outcome = await this.intake.take(context, batch);
      accepted += outcome.accepted;
      duplicates += outcome.duplicates;
      for (const { index, message } of outcome.rejected) reject(batch[index]!.externalId.slice(33), message);
    }
    return { spans: spans.length, accepted, duplicates, skipped, rejected, reasons };
  }
}
