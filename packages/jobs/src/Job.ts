import type { z } from 'zod';

/**
 * What a worker process can be told to run, in WORKER_RUNS. `phases`: the work of flows, which may keep a processor busy for minutes.
 * `reactions`: consumers, schedules and all other jobs, which are waited for and never share an event loop with phases. `delivery`: what is
 * handed to receivers outside, the only work that dials out, so that it can be fenced off.
 */
export const workKinds = ['phases', 'reactions', 'delivery'] as const;
export type WorkKind = (typeof workKinds)[number];

/** A kind of job: what both who enqueues one and who runs it must know. */
export interface Job<Payload extends object = object> {
  /** Of the task in the queue, and in the register of `jobNames`: it can never change. */
  readonly name: string;
  readonly runs: WorkKind;
  /** What is stored beside the workspace: ids, never contents. */
  readonly payload: z.ZodType<Payload>;
  /** How often a job is taken up before it is given up, with growing pauses between. */
  readonly maxAttempts: number;
}

/** Names a kind of job with the form of its payload. */
export function defineJob<Payload extends object>(job: Job<Payload>): Job<Payload> {
  return job;
}

/** How a job came to whoever runs it. */
export interface Delivery {
  /** Bare uuid. */
  readonly workspaceId: string;
  /** How often it was handed out, this time included. It may come twice at once, so what it does must hold when it is done again. */
  readonly attempt: number;
  /** Aborts when the worker shuts down. */
  readonly signal: AbortSignal;
}

/** Does a job. One that throws comes again. */
export type JobHandler<Payload extends object = object> = (payload: Payload, delivery: Delivery) => Promise<void>;

/** A kind of job with what does it. */
export interface HandledJob<Payload extends object = object> {
  readonly job: Job<Payload>;
  readonly handle: JobHandler<Payload>;
}
