// OpenTelemetry's SDK for Node with one of its exporters. The SDK reads OTEL_EXPORTER_OTLP_ENDPOINT and _HEADERS by itself.
//   EXPORTER: the package   SPANS: how many   BATCH: spans of a request
import { env } from 'node:process';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-node';

const { OTLPTraceExporter } = await import(env.EXPORTER);
const exporter = new OTLPTraceExporter();
const processor = new BatchSpanProcessor(exporter, {
  maxQueueSize: 1_000_000,
  maxExportBatchSize: Number(env.BATCH),
  scheduledDelayMillis: 50,
});
const provider = new BasicTracerProvider({ spanProcessors: [processor] });
const tracer = provider.getTracer('proof');
for (let n = 0; n < Number(env.SPANS); n += 1) {
  const span = tracer.startSpan(`chat ${n}`);
  span.setAttributes({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'gpt-4o',
    'gen_ai.usage.input_tokens': 11,
    'gen_ai.usage.output_tokens': 7,
  });
  span.end();
}
await provider.forceFlush();
await provider.shutdown();
