import { EventEmitter } from 'node:events';
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

class QueueWorker implements FlowWorker {
  private readonly stopping = new AbortController();
  private runner: Runner | null = null;
  private pool: pg.Pool | null = null;
  private beats: WorkerBeats | null = null;

  constructor(
    private readonly options: FlowWorkerOptions,
    private readonly runPhase: (payload: unknown, deliveries: number, signal: AbortSignal) => Promise<void>,
  ) {}

  async start(): Promise<void> {
    const { logger, concurrency = 2 } = this.options;
    this.pool = new pg.Pool({ connectionString: this.options.workerUrl, max: concurrency + 3, application_name: 'tributary-queue' });
    // Not the error itself: pg hangs the whole client on it.
    const onBroken = ({ message }: Error) => logger.warn({ reason: message }, 'a connection to the job queue broke');
    this.pool.on('error', onBroken);
    this.pool.on('connect', (client) => client.on('error', onBroken));
    const events: WorkerEvents = new EventEmitter();
    const poolId = new Promise<string>((resolve) => events.once('pool:create', ({ workerPool }) => resolve(workerPool.id)));
    this.runner = await run({
      pgPool: this.pool,
      schema: jobSchema,
      concurrency,
      events,
      noHandleSignals: true,
      pollInterval: this.options.pollEveryMs ?? 1_000,
      logger: new QueueLogger(() => (level, message, meta) => {
        if (level === 'error') logger.error({ queue: meta }, message);
        else logger.debug({ queue: meta }, message);
      }),
      taskList: {
        phase: async (payload, helpers) => this.runPhase(payload, helpers.job.attempts, this.stopping.signal),
      },
    });
    const { beatEveryMs, silenceMs, isOnly = false } = this.options;
    this.beats = new WorkerBeats({
      pool: this.pool,
      poolId: await poolId,
      logger,
      isOnly,
      ...(beatEveryMs === undefined ? {} : { everyMs: beatEveryMs }),
      ...(silenceMs === undefined ? {} : { silenceMs }),
    });
    await this.beats.start();
  }

  async stop(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    await this.runner?.stop();
    await this.beats?.stop().catch((err: unknown) => this.options.logger.warn({ err }, 'the last beat of a worker could not be taken back'));
    await this.pool?.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
