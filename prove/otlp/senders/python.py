# OpenTelemetry's SDK for Python. It reads OTEL_EXPORTER_OTLP_ENDPOINT and _HEADERS by itself.   SPANS: how many
import os

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
tracer = provider.get_tracer("proof")
for n in range(int(os.environ["SPANS"])):
    with tracer.start_as_current_span(f"chat {n}") as span:
        span.set_attribute("gen_ai.operation.name", "chat")
        span.set_attribute("gen_ai.request.model", "gpt-4o")
        span.set_attribute("gen_ai.usage.input_tokens", 11)
        span.set_attribute("gen_ai.usage.output_tokens", 7)
provider.shutdown()
