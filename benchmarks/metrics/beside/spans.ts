import { createHash } from 'node:crypto';
import { exportRequest } from '@tributary/subgraph-metrics/rollups';

const dayMs = 86_400_000;
const models = ['gpt-4o', 'gpt-4o-mini', 'claude-3-5-sonnet-20241022', 'gpt-4.1'];
const spansOfRequest = 1_000;

/** Requests of OTLP in protobuf, in OpenInference's words: calls of four models over so many days, each a trace of its own. */
export function* requestsOf(traces: number, days: number, now: number): Generator<Buffer> {
  const type = exportRequest();
  for (let first = 0; first < traces; first += spansOfRequest) {
    const count = Math.min(spansOfRequest, traces - first);
    const spans = Array.from({ length: count }, (_, n) => spanOf(first + n, traces, days, now));
    const resource = { attributes: pairs({ 'service.name': `agent ${(first / spansOfRequest) % 5}` }) };
    yield Buffer.from(
      type.encode(type.fromObject({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] })).finish(),
    );
  }
}

function spanOf(number: number, traces: number, days: number, now: number): object {
  const hash = createHash('sha256').update(String(number)).digest();
  const startMs = Math.floor(now - days * dayMs + (number * days * dayMs) / traces);
  // From 50 ms to 8 s, most of them short.
  const durationMs = Math.round(Math.exp(4 + (5 * hash[0]! * hash[1]!) / 65_536));
  const [input, output] = [hash.readUInt16BE(2) % 3_000, hash.readUInt16BE(4) % 800];
  return {
    traceId: hash.subarray(0, 16),
    spanId: hash.subarray(16, 24),
    name: 'chat',
    startTimeUnixNano: `${startMs}000000`,
    endTimeUnixNano: `${startMs + durationMs}000000`,
    status: { code: hash[6]! < 8 ? 2 : 1 },
    attributes: pairs({
      'openinference.span.kind': 'LLM',
      'llm.model_name': models[hash[7]! % models.length]!,
      'llm.token_count.prompt': input,
      'llm.token_count.completion': output,
      'llm.token_count.total': input + output,
    }),
  };
}

function pairs(attributes: Readonly<Record<string, string | number>>): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: value },
  }));
}
