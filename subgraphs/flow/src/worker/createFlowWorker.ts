import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { run, Logger as QueueLogger } from 'graphile-worker';
import type { Runner, WorkerEvents } from 'graphile-worker';
import pg from 'pg';
import { z } from 'zod';
import { createEngine } from '../createEngine.js';
import type { EngineParts } from '../createEngine.js';
import { jobSchema } from './jobSchema.js';
import { WorkerBeats } from './WorkerBeats.js';

export interface FlowWorkerOptions extends EngineParts {
  /** Logs in as role `worker`. The phases themselves run as role `app`, through `database`. */
  readonly workerUrl: string;
  /** Phases side by side in this process. Default 2. */
  readonly concurrency?: number;
  /** Between two beats. Default 2,000. */
  readonly beatEveryMs?: number;
  /** Silence after which another worker's jobs are taken over. Default 10,000. */
  readonly silenceMs?: number;
  /** There is never another worker beside this one: it takes over at once what a dead one has left. Default false. */
  readonly isOnly?: boolean;
  /** Between two looks at the queue, for notifications that got lost. Default 1,000. */
  readonly pollEveryMs?: number;
}

export interface FlowWorker extends AsyncDisposable {
  start(): Promise<void>;
  /** Phases under way stop at their next checkpoint and go back into the queue. */
  stop(): Promise<void>;
}

const job = z.object({ workspaceId: z.uuid(), flowId: z.uuid(), phase: z.string(), run: z.number().int() });

/** A process's share of the work on flows: takes phases from the queue and runs them. Any number of processes may have one. */
export async function createFlowWorker(options: FlowWorkerOptions): Promise<FlowWorker> {
  const engine = await createEngine(options);
  return new QueueWorker(options, (payload, deliveries, signal) => engine.run(job.parse(payload), signal, deliveries));
}

/** Between the end of a queue runner that could not go on and the next one. */
const relaunchMs = 1_000;

class QueueWorker implements FlowWorker {
  private readonly stopping = new AbortController();
  private current: { runner: Runner; pool: pg.Pool; beats: WorkerBeats } | null = null;
  private relaunching: Promise<void> | null = null;

  constructor(
    private readonly options: FlowWorkerOptions,
    private readonly runPhase: (payload: unknown, deliveries: number, signal: AbortSignal) => Promise<void>,
  ) {}

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
      taskList: {
        phase: async (payload, helpers) => this.runPhase(payload, helpers.job.attempts, this.stopping.signal),
      },
    });
    const { beatEveryMs, silenceMs, isOnly = false } = this.options;
    const beats = new WorkerBeats({
      pool,
      poolId: await poolId,
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

  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    await this.relaunching;
    await this.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
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
