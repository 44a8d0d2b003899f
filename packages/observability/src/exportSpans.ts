import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';

/** Hands the spans of this process to an exporter, or to a collector over OTLP and HTTP. */
export function exportSpans(serviceName: string, to: SpanExporter | { readonly url: string }): NodeTracerProvider {
  const exporter = 'url' in to ? new OTLPTraceExporter({ url: to.url }) : to;
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  return provider;
}
