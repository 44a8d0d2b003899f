import type { TraceStatus } from '@tributary/contracts/values';
import { isAhead, type SentTrace } from '../checkTrace.js';
import { agentMarks, attributeNames, ofRun, ofService, type MappedField } from './attributeNames.js';
import { keptAttributes } from './keptAttributes.js';
import type { Attributes, AttributeValue, Span } from './Span.js';
import { spanKind } from './spanKind.js';

export interface SpanOptions {
  /** Whether spans that no agent or model is behind are taken, too, as OTHER. */
  readonly allSpans: boolean;
  /** Whether what was said to models and by them is kept. */
  readonly contents: boolean;
  /** The kind whose tokens and cost count: calls of models, or whole runs of a sender that reports nothing below them. */
  readonly countUsageOf: 'MODEL' | 'RUN';
}

/** A span as a trace; null for one that is passed over; or why it cannot be one. */
export type TakenSpan = SentTrace | null | { readonly fault: string };

const nanosPerMs = 1_000_000n;
const longestName = 200;
const timeouts: ReadonlySet<string> = new Set([
  'timeout',
  'timeouterror',
  'timeout_error',
  'deadline_exceeded',
  '408',
  '504',
]);

/**
 * Maps a span to a trace. Usage counts once: a run's span carries the sum of its model calls, so tokens and cost of kind RUN stay in the
 * attributes and out of the figures, unless the sender says that runs are all that it reports. `above`: the spans that it is a part of, the
 * nearest first, as far as they came with it: whose it is, it may leave to them to say.
 */
export function traceOfSpan(sent: Span, options: SpanOptions, above: readonly Span[] = []): TakenSpan {
  const span = { ...sent, above };
  if (!options.allSpans && !agentMarks.some((mark) => span.attributes.has(mark))) return null;
  if (span.endNanos === 0n) return { fault: 'it has no end: send it when it is over.' };
  if (span.endNanos < span.startNanos) return { fault: 'it ends before it begins.' };
  const startedAt = new Date(Number(span.startNanos / nanosPerMs));
  if (isAhead(startedAt)) return { fault: 'it begins more than a day from now: look at the sender’s clock.' };
  const kind = spanKind(span.attributes);
  const counts = options.countUsageOf === 'RUN' ? kind === 'RUN' : kind !== 'RUN';
  const tokens = (field: MappedField): number => (counts ? (countOf(span, field) ?? 0) : 0);
  return {
    externalId: `${span.traceId}-${span.spanId}`,
    runId: span.traceId,
    parentExternalId: span.parentSpanId === null ? null : `${span.traceId}-${span.parentSpanId}`,
    startedAt,
    durationMs: Number(span.endNanos - span.startNanos) / 1e6,
    status: statusOf(span),
    kind,
    agent: textOf(span, 'agent') ?? 'unknown',
    operation: textOf(span, 'operation') ?? (clipped(span.name) || 'unknown'),
    model: textOf(span, 'model'),
    provider: textOf(span, 'provider'),
    department: textOf(span, 'department'),
    environment: textOf(span, 'environment'),
    version: textOf(span, 'version'),
    sessionId: textOf(span, 'sessionId'),
    userId: textOf(span, 'userId'),
    flowId: textOf(span, 'flowId'),
    inputTokens: tokens('inputTokens'),
    outputTokens: tokens('outputTokens'),
    cachedInputTokens: tokens('cachedInputTokens'),
    cacheWriteTokens: tokens('cacheWriteTokens'),
    costUsd: counts ? numberOf(span, 'costUsd') : null,
    attributes: keptAttributes(span.attributes, { contents: options.contents, usage: !counts }),
  };
}

function statusOf(span: PlacedSpan): TraceStatus {
  if (!span.failed) return 'OK';
  return timeouts.has(textOf(span, 'errorType')?.toLowerCase() ?? '') ? 'TIMEOUT' : 'ERROR';
}

interface PlacedSpan extends Span {
  readonly above: readonly Span[];
}

/** What is there under the first of a field's names, and is no blank text: of the span, of what is above it, of the service. */
function valueOf({ attributes, resource, above }: PlacedSpan, field: MappedField): unknown {
  const names: readonly string[] = attributeNames[field];
  const own = names.filter((name) => !ofService.has(name));
  const found = firstOf(own, [attributes, resource]);
  if (found !== undefined) return found;
  if (ofRun.has(field)) {
    for (const span of above) {
      const said = firstOf(own, [span.attributes]);
      if (said !== undefined) return said;
    }
  }
  return firstOf(names, [attributes, resource]);
}

function firstOf(names: readonly string[], places: readonly Attributes[]): AttributeValue | undefined {
  for (const name of names) {
    for (const attributes of places) {
      const value = attributes.get(name);
      if (value !== undefined && value !== null && value !== '') return value;
    }
  }
  return undefined;
}

function textOf(span: PlacedSpan, field: MappedField): string | null {
  const value = valueOf(span, field);
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return null;
  return clipped(String(value)) || null;
}

/** Some senders write numbers as texts. */
function numberOf(span: PlacedSpan, field: MappedField): number | null {
  const value = valueOf(span, field);
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function countOf(span: PlacedSpan, field: MappedField): number | null {
  const number = numberOf(span, field);
  return number === null ? null : Math.round(number);
}

/** A name may be whatever a program is called: the span is worth more than the end of it. */
function clipped(name: string): string {
  return name.trim().slice(0, longestName).toWellFormed();
}
