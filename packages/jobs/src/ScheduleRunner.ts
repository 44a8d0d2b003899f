import { Repeating } from '@tributary/kernel';
import type { Logger } from '@tributary/observability';
import type { Schedule } from './Schedule.js';

/** Runs each schedule at its start and then as often as it says. A failure is logged, and the next run comes in its time. */
export class ScheduleRunner implements AsyncDisposable {
  private readonly repeating: readonly Repeating[];

  constructor(schedules: readonly Schedule[], logger: Logger) {
    this.repeating = schedules.map(
      ({ name, everyMs, run }) =>
        new Repeating({
          everyMs,
          work: run,
          onFault: (err) => logger.warn({ err, schedule: name }, 'scheduled work failed; the next run tries again'),
        }),
    );
  }

  start(): void {
    for (const each of this.repeating) void each.start().now();
  }

  /** Resolves when the runs that are under way have ended. */
  async stop(): Promise<void> {
    await Promise.all(this.repeating.map((each) => each.stop()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
