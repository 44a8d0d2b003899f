import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { InMemorySpanExporter } from '@opentelemetry/sdk-trace-node';
import { continueTrace, startTracing, traceHeaders, withSpan } from '@tributary/observability';
import type { Tracing } from '@tributary/observability';

const exporter = new InMemorySpanExporter();
let tracing: Tracing;
let spans: ReturnType<typeof exporter.getFinishedSpans> = [];

beforeAll(async () => {
  tracing = await startTracing({ serviceName: 'test', exporter });
  let headers: Record<string, string> = {};
  await withSpan('gateway', {}, async () => {
    headers = traceHeaders();
    await Promise.resolve();
  });
  await continueTrace(headers, () =>
    withSpan('subgraph', {}, () => withSpan('sql', { 'db.operation.name': 'flow.read' }, () => Promise.resolve())),
  );
  await withSpan('fails', {}, () => Promise.reject(new Error('no'))).catch(() => undefined);
  await tracing.flush();
  spans = [...exporter.getFinishedSpans()];
});
afterAll(() => tracing.close());

const named = (name: string) => spans.find((span) => span.name === name)!;

test('a trace goes on in the next process by its headers, down to the statement', () => {
  const [gateway, subgraph, sql] = [named('gateway'), named('subgraph'), named('sql')];
  expect(subgraph.spanContext().traceId).toBe(gateway.spanContext().traceId);
  expect(subgraph.parentSpanContext?.spanId).toBe(gateway.spanContext().spanId);
  expect(sql.parentSpanContext?.spanId).toBe(subgraph.spanContext().spanId);
  expect(sql.attributes).toEqual({ 'db.operation.name': 'flow.read' });
});

test('a failure is on its span', () => {
  expect(named('fails').status.code).toBe(2);
  expect(named('fails').events[0]?.name).toBe('exception');
});
