import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { run, Logger as QueueLogger } from 'graphile-worker';
import type { JobHelpers, Runner, TaskList, WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { z } from 'zod';
import type { Logger } from '@tributary/observability';
import type { HandledJob } from './Job.js';
import { jobSchema } from './jobSchema.js';
import { WorkerBeats } from './WorkerBeats.js';

export interface JobWorkerOptions {
  /** Logs in as role `worker`. What the jobs do, they do as role `app`. */
  readonly workerUrl: string;
  /** What it takes from the queue; everything else stays there for others. */
  readonly jobs: readonly HandledJob[];
  readonly logger: Logger;
  /** Jobs side by side in this process. Default 2. */
  readonly concurrency?: number;
  /** Between two beats. Default 2,000. */
  readonly beatEveryMs?: number;
  /** Silence after which another worker's jobs are taken over. Default 10,000. */
  readonly silenceMs?: number;
  /** Nobody else ever runs these jobs: what a dead worker has left is taken over at once. Default false. */
  readonly isOnly?: boolean;
  /** Between two looks at the queue, for notifications that got lost. Default 1,000. */
  readonly pollEveryMs?: number;
}

/** A job as the queue holds it: the payload, and the workspace that was bound when it was enqueued. */
const stored = z.looseObject({ workspaceId: z.uuid() });

/** Between the end of a queue runner that could not go on and the next one. */
const relaunchMs = 1_000;

/** A process's share of the jobs: takes them from the queue and runs them. Any number of processes may have one. */
export class JobWorker implements AsyncDisposable {
  private readonly stopping = new AbortController();
  private current: { runner: Runner; pool: pg.Pool; beats: WorkerBeats } | null = null;
  private relaunching: Promise<void> | null = null;

  constructor(private readonly options: JobWorkerOptions) {}

  async start(): Promise<void> {
    const { logger, concurrency = 2 } = this.options;
    const pool = this.openPool(concurrency + 3);
    const events: WorkerEvents = new EventEmitter();
    const poolId = new Promise<string>((resolve) =>
      events.once('pool:create', ({ workerPool }) => resolve(workerPool.id)),
    );
    const runner = await run({
      pgPool: pool,
      schema: jobSchema,
      concurrency,
      events,
      noHandleSignals: true,
      pollInterval: this.options.pollEveryMs ?? 1_000,
      logger: new QueueLogger(() => (level, message) => {
        if (level === 'error') logger.error({ queue: message }, 'the job queue reports a fault');
        else logger.debug({ queue: message }, 'job queue');
      }),
      taskList: this.tasks(),
    });
    const { beatEveryMs, silenceMs, isOnly = false } = this.options;
    const beats = new WorkerBeats({
      pool,
      poolId: await poolId,
      jobs: this.options.jobs.map(({ job }) => job.name),
      logger,
      isOnly,
      ...(beatEveryMs === undefined ? {} : { everyMs: beatEveryMs }),
      ...(silenceMs === undefined ? {} : { silenceMs }),
    });
    this.current = { runner, pool, beats };
    const ended = (error?: unknown) => {
      if (!this.stopping.signal.aborted) this.relaunching ??= this.relaunch(error);
    };
    runner.promise.then(() => ended(), ended);
    await beats.start();
  }

  /** Jobs under way are told by their signal; what they leave undone goes back into the queue. */
  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    await this.relaunching;
    await this.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  private tasks(): TaskList {
    const { signal } = this.stopping;
    return Object.fromEntries(
      this.options.jobs.map(({ job, handle }) => [
        job.name,
        async (raw: unknown, { job: { attempts } }: JobHelpers) => {
          const { workspaceId, ...payload } = stored.parse(raw);
          await handle(job.payload.parse(payload), { workspaceId, attempt: attempts, signal });
        },
      ]),
    );
  }

  /** A runner ends by itself when it can no longer tell the queue how a job went. The jobs that it holds are freed once its beats stop. */
  private async relaunch(error: unknown): Promise<void> {
    this.options.logger.error({ err: error }, 'the job queue’s runner ended; another one is started');
    await this.end();
    while (!this.stopping.signal.aborted) {
      await delay(relaunchMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
      if (this.stopping.signal.aborted) break;
      try {
        this.relaunching = null;
        await this.start();
        return;
      } catch (err) {
        this.options.logger.warn({ err }, 'the job queue cannot be reached; trying again');
        await this.end();
      }
    }
  }

  private async end(): Promise<void> {
    const ending = this.current;
    this.current = null;
    if (!ending) return;
    await ending.runner.stop().catch(() => undefined);
    await ending.beats
      .stop()
      .catch(({ message }: Error) =>
        this.options.logger.warn({ reason: message }, 'the last beat of a worker could not be taken back'),
      );
    await ending.pool.end();
  }

  private openPool(max: number): pg.Pool {
    const pool = new pg.Pool({ connectionString: this.options.workerUrl, max, application_name: 'tributary-queue' });
    // Not the error itself: pg hangs the whole client on it.
    const onBroken = ({ message }: Error) =>
      this.options.logger.warn({ reason: message }, 'a connection to the job queue broke');
    pool.on('error', onBroken);
    pool.on('connect', (client) => client.on('error', onBroken));
    return pool;
  }
}
