import { context, INVALID_SPAN_CONTEXT, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';

export interface TracingOptions {
  readonly serviceName: string;
  /** Where spans go, as OTLP over HTTP (such as `http://collector:4318/v1/traces`). Without it, and without `exporter`, tracing is off. */
  readonly otlpEndpoint?: string | undefined;
  /** Takes the place of the OTLP exporter: tests read spans from memory. */
  readonly exporter?: SpanExporter;
}

export interface Tracing {
  /** Sends what is held now. */
  flush(): Promise<void>;
  /** Sends what is still held and stops. */
  close(): Promise<void>;
}

/** Starts OpenTelemetry for this process: W3C trace context in and out, spans in batches to the collector. */
export async function startTracing({ serviceName, otlpEndpoint, exporter }: TracingOptions): Promise<Tracing> {
  if (!exporter && !otlpEndpoint) return { flush: () => Promise.resolve(), close: () => Promise.resolve() };
  // 7 MB in each thread, for those alone whose spans somebody gets.
  const { exportSpans } = await import('./exportSpans.js');
  const provider = exportSpans(serviceName, exporter ?? { url: otlpEndpoint! });
  isOn = true;
  return { flush: () => provider.forceFlush(), close: () => provider.shutdown() };
}

const tracer = trace.getTracer('tributary');
/** Whether anybody gets the spans: until then none are made. */
let isOn = false;

/** What `work` is given while nobody gets the spans. */
const noSpan = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Runs `work` inside a span that ends with it and carries its failure. Costs nothing while tracing is off. */
export function withSpan<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  return isOn ? inSpan(name, attributes, work) : work(noSpan);
}

async function inSpan<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Runs `work` beside spans of its own for each of these things that it does at once; they end with it and carry its failure. */
export async function withSpans<T>(
  name: string,
  attributes: readonly Attributes[],
  work: () => Promise<T>,
): Promise<T> {
  if (!isOn) return work();
  const spans = attributes.map((each) => tracer.startSpan(name, { attributes: each }));
  try {
    return await work();
  } catch (error) {
    for (const span of spans) {
      span.recordException(error instanceof Error ? error : String(error));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    throw error;
  } finally {
    for (const span of spans) span.end();
  }
}

/** The W3C headers (`traceparent`) that make the next process continue the current trace. Empty while tracing is off. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  if (isOn) propagation.inject(context.active(), headers);
  return headers;
}

/** Runs `work` as part of the trace that the caller's headers name. */
export function continueTrace<T>(headers: Readonly<Record<string, unknown>>, work: () => T): T {
  if (!isOn) return work();
  return context.with(propagation.extract(context.active(), headers), work);
}
