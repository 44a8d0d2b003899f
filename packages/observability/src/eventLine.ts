import type { Logger } from 'pino';
import { durationHistogram, slowBuckets } from './metrics.js';

/** What is done often, and told to the log once each time. */
export type LoggedEvent = 'operation' | 'sign_in' | 'upload' | 'ingest' | 'phase' | 'delivery';

/**
 * One line of the log about one thing that was done, in the same words in every part. It holds no variables, no document, no address of a person
 * and no secret: whoever may read logs may not therefore read a workspace.
 */
export interface EventLine {
  readonly event: LoggedEvent;
  /** `ok`, a state in which it was left, or the code of the error that the caller was told. */
  readonly status: string;
  readonly durationMs: number;
  /** The one that the caller was told, or that began the work. */
  readonly requestId: string;
  /** Null: nobody was signed in. */
  readonly workspaceId: string | null;
}

const workSeconds = durationHistogram(
  'tributary_work_seconds',
  'Time of a sign-in, an upload, a delivery of spans or a phase, by what it came to.',
  ['event', 'status'],
  slowBuckets,
);

/** Counts what was done among the metrics of this process, and tells the log of it. */
export function noteWork(
  logger: Logger,
  line: EventLine,
  facts: Readonly<Record<string, string | number | null>>,
): void {
  workSeconds.observe({ event: line.event, status: line.status }, line.durationMs / 1000);
  logEvent(logger, line, facts);
}

/** Writes the line at level info. `facts` are of this kind of event: names of ours, ids, numbers. */
export function logEvent(
  logger: Logger,
  line: EventLine,
  facts: Readonly<Record<string, string | number | null>> = {},
): void {
  logger.info({ ...line, durationMs: Math.round(line.durationMs * 10) / 10, ...facts }, line.event);
}
