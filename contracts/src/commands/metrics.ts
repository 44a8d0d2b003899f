import { z } from 'zod';
import type { TimeSpan } from '../events/traces.js';
import { comparisons } from '../values/alert.js';
import { metrics, traceDimensions, timeBases, traceStatuses } from '../values/metrics.js';
import { defineCommand, defineStreamingCommand } from './Command.js';

const agentTrace = z.object({
  externalId: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  startedAt: z.coerce.date(),
  durationMs: z.number().min(0),
  status: z.enum(traceStatuses),
  agent: z.string().min(1).max(200),
  operation: z.string().min(1).max(200),
  model: z.string().nullable(),
  department: z.string().nullable(),
  environment: z.string().nullable(),
  version: z.string().nullable(),
  inputTokens: z.number().int().min(0),
  outputTokens: z.number().int().min(0),
  costUsd: z.number().min(0),
  /** Public id of the flow. */
  flowId: z.string().nullable(),
  attributes: z.record(z.string(), z.unknown()),
});
export type AgentTrace = z.infer<typeof agentTrace>;

/** Stores what this product's own agents did. Sending a trace again is safe. Answers how many were new. */
export const recordTracesCommand = defineCommand<{ accepted: number }>()({
  subgraph: 'metrics',
  name: 'recordTraces',
  action: 'trace.ingest',
  input: z.object({ traces: z.array(agentTrace).max(1_000) }),
});

/** What became of the spans of one request over OTLP. */
export interface OtlpOutcome {
  /** Those that were sent. The next four add up to them. */
  readonly spans: number;
  readonly accepted: number;
  /** Stored before: by this request, or by an earlier one. */
  readonly duplicates: number;
  /** Passed over, because no agent or model is behind them. */
  readonly skipped: number;
  readonly rejected: number;
  /** Of the first three that were rejected. */
  readonly reasons: readonly string[];
}

/**
 * Stores the spans of an `ExportTraceServiceRequest`, which is the stream. Sending them again is safe, whatever came of it before. Throws
 * INVALID_INPUT for what cannot be decoded, QUOTA_EXCEEDED for too much, RATE_LIMIT_EXCEEDED while the process holds too much.
 */
export const otlpTracesCommand = defineStreamingCommand<OtlpOutcome>()({
  subgraph: 'metrics',
  name: 'otlpTraces',
  action: 'trace.ingest',
  input: z.object({
    format: z.enum(['protobuf', 'json']),
    gzip: z.boolean(),
    /** MODEL: tokens and cost of runs are sums of their model calls, and not counted. RUN: the sender reports runs alone. */
    countUsageOf: z.enum(['MODEL', 'RUN']),
  }),
});

const scope = z.object({
  agent: z.array(z.string()).nullish(),
  department: z.array(z.string()).nullish(),
  environment: z.array(z.string()).nullish(),
  model: z.array(z.string()).nullish(),
  version: z.array(z.string()).nullish(),
  flowId: z.array(z.string()).nullish(),
});

export interface Figure {
  /** Value of the dimension grouped by; null when not grouped, or for traces without one. */
  readonly key: string | null;
  /** Null where a share or quantile has no meaning, as without traffic. */
  readonly value: number | null;
}

const figure = z.object({
  metric: z.enum(metrics),
  groupBy: z.enum(traceDimensions).nullable(),
  scope: scope.nullable(),
  /** By which of their moments traces belong to a window. Default: by when they began. */
  timeBasis: z.enum(timeBases).nullish(),
  /** With it, of all groups those are answered that meet it, worst first, 10,000 at most. */
  condition: z.object({ comparison: z.enum(comparisons), threshold: z.number() }).nullish(),
  /** Groups that are answered too, whether or not they meet the condition; null is that of traces without a value. */
  keys: z.array(z.string().nullable()).max(10_000).nullish(),
});

/**
 * One metric over one window (from ≤ t < to), for alert rules: one figure, or one for each group that has traces. Of groups these are
 * answered: those that meet `condition`, worst first, and those of `keys` behind them; with neither, the 1,000 busiest. Quantiles are
 * within 1 %.
 */
export const figuresCommand = defineCommand<Figure[]>()({
  subgraph: 'metrics',
  name: 'figures',
  action: 'metrics.read',
  input: figure.extend({ from: z.coerce.date(), to: z.coerce.date() }),
});

/** Figures that one answer to a rule's question holds at most, whichever subgraph it comes from; a question that finds more is refused. */
export const mostFigures = 100_000;

export interface WindowFigure extends Figure {
  /** 0 is the window that ends at `firstEnd`, 1 the one that ends `stepMs` later, … */
  readonly index: number;
}

/**
 * The same over many windows of one length that end a step apart (end − windowMs ≤ t < end): a figure for each window that has traces, and
 * each group; by index, then key. A group that meets `condition` in one window is answered in all. What a window is answered does not
 * depend on which others are asked for. Throws INVALID_INPUT for more than 10,000 windows or 100,000 figures.
 */
export const slidingFiguresCommand = defineCommand<WindowFigure[]>()({
  subgraph: 'metrics',
  name: 'slidingFigures',
  action: 'metrics.read',
  input: figure.extend({
    firstEnd: z.coerce.date(),
    count: z.number().int().min(1),
    stepMs: z.number().int().min(1_000),
    windowMs: z.number().int().min(1_000),
  }),
});

/** Minutes of which figures may have changed after they were in the past. Spans are ascending and apart from each other. */
export interface LateMinutes {
  /** The last batch that this tells of: what to ask behind next time. */
  readonly last: number;
  /** Whether more batches wait behind it. */
  readonly hasMore: boolean;
  /** Whether batches behind `after` are not in the log any more, so that nobody knows what they changed. */
  readonly isIncomplete: boolean;
  /** Whole minutes since 1970, UTC, in which traces began that came more than 15 seconds later. */
  readonly started: readonly TimeSpan[];
  /** The same by when the traces ended. */
  readonly ended: readonly TimeSpan[];
}

/**
 * Which minutes the batches behind the one with number `after` changed when these were over: what has been computed of them is to be
 * computed anew. Without `after` it only tells which batch is the last: whoever begins there has seen everything that is.
 */
export const lateMinutesCommand = defineCommand<LateMinutes>()({
  subgraph: 'metrics',
  name: 'lateMinutes',
  action: 'metrics.read',
  input: z.object({ after: z.number().int().min(0).nullable() }),
});

export interface Spend {
  /** What was sent, and what was priced; traces whose price is not known count as 0. */
  readonly costUsd: number;
  /** How many those are. */
  readonly unpricedRequests: number;
  /** Traces that were acknowledged before this moment are in it. */
  readonly freshAsOf: Date;
}

/**
 * What traces that began in a period (from ≤ t < to) cost, computed each time: a budget is held against it. Throws INVALID_INPUT with reason
 * RAW_GONE for a period that begins or ends where single traces are no longer kept.
 */
export const spendCommand = defineCommand<Spend>()({
  subgraph: 'metrics',
  name: 'spend',
  action: 'metrics.read',
  input: z.object({ scope: scope.nullable(), from: z.coerce.date(), to: z.coerce.date() }),
});
