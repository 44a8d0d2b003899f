import type { Span } from './Span.js';

/** Deeper trees than this are cut: what says whose a span is stands near it. */
const mostAbove = 64;

/** For each span of a request those of it that it is a part of, the nearest first. */
export function spansAbove(spans: readonly Span[]): (span: Span) => readonly Span[] {
  const byId = new Map(spans.map((span) => [keyOf(span.traceId, span.spanId), span]));
  return (span) => {
    const above = new Set<Span>();
    for (
      let next = parentIn(byId, span);
      next && next !== span && above.size < mostAbove;
      next = parentIn(byId, next)
    ) {
      if (above.has(next)) break;
      above.add(next);
    }
    return [...above];
  };
}

function parentIn(byId: ReadonlyMap<string, Span>, { traceId, parentSpanId }: Span): Span | undefined {
  return parentSpanId === null ? undefined : byId.get(keyOf(traceId, parentSpanId));
}

function keyOf(traceId: string, spanId: string): string {
  return `${traceId}-${spanId}`;
}
