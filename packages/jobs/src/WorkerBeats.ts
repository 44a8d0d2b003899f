import type pg from 'pg';
import { Repeating } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';
import { jobSchema } from './jobSchema.js';

export interface WorkerBeatsOptions {
  /** Logged in as role `worker`. */
  readonly pool: pg.Pool;
  /** Under this id the queue holds the jobs of this process. */
  readonly poolId: string;
  /** Jobs that this process runs, by name: of others it frees none. */
  readonly jobs: readonly string[];
  readonly logger: Logger;
  /** Default 2,000. */
  readonly everyMs?: number;
  /** Silence after which another process counts as dead. Default 10,000. */
  readonly silenceMs?: number;
  /** Nobody else runs these jobs: those that somebody holds at the start are a dead one's. Default false. */
  readonly isOnly?: boolean;
}

/**
 * Tells the other workers that this one lives, and frees the jobs of those that have fallen silent: the queue itself would hold them
 * for four hours. A process that was only stopped for a while may lose its jobs too; the fence of each flow keeps it from writing.
 */
export class WorkerBeats {
  private readonly beats: Repeating;

  constructor(private readonly options: WorkerBeatsOptions) {
    this.beats = new Repeating({
      everyMs: options.everyMs ?? 2_000,
      work: () => this.beatAndSweep(),
      onFault: (err) => options.logger.warn({ err }, 'a worker’s beat failed; the next one tries again'),
    });
  }

  async start(): Promise<void> {
    await this.beat();
    if (this.options.isOnly) await this.freeJobsOfTheDead(0);
    this.beats.start();
  }

  async stop(): Promise<void> {
    await this.beats.stop();
    await this.options.pool.query(`delete from ${jobSchema}.worker_beat where pool_id = $1`, [this.options.poolId]);
  }

  private async beatAndSweep(): Promise<void> {
    await this.beat();
    await this.freeJobsOfTheDead(this.options.silenceMs ?? 10_000);
  }

  private async beat(): Promise<void> {
    await this.options.pool.query(
      `insert into ${jobSchema}.worker_beat (pool_id) values ($1) on conflict (pool_id) do update set at = clock_timestamp()`,
      [this.options.poolId],
    );
  }

  private async freeJobsOfTheDead(silenceMs: number): Promise<void> {
    const silenceSeconds = silenceMs / 1_000;
    const { rows } = await this.options.pool.query<{ pool_id: string }>(
      `select distinct locked_by as pool_id from ${jobSchema}._private_jobs
       where task_id in (select id from ${jobSchema}._private_tasks where identifier = any ($3))
       and locked_by is not null and locked_by <> $2 and locked_at < now() - make_interval(secs => $1)
       and not exists (select from ${jobSchema}.worker_beat b where b.pool_id = locked_by and b.at >= now() - make_interval(secs => $1))`,
      [silenceSeconds, this.options.poolId, this.options.jobs],
    );
    const dead = rows.map((row) => row.pool_id);
    if (dead.length > 0) {
      this.options.logger.warn({ workers: dead }, 'workers fell silent; their jobs are handed to others');
      await this.options.pool.query(`select ${jobSchema}.force_unlock_workers($1)`, [dead]);
    }
    await this.options.pool.query(
      `delete from ${jobSchema}.worker_beat where at < now() - make_interval(secs => $1) - interval '1 minute'`,
      [silenceSeconds],
    );
  }
}
