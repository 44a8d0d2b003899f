import type { Logger } from '@tributary/observability';
import type { Database } from '@tributary/data';
import type { PositionWorker } from './PositionWorker.js';

export interface DeliveriesOptions {
  readonly database: Database;
  readonly worker: PositionWorker;
  readonly logger: Logger;
  /** Positions that are worked on at once. Default 64. */
  readonly atOnce?: number;
}

/** Has everything delivered that is due: each position by one at a time, and none held up by another's receiver. */
export class Deliveries {
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly atOnce: number;

  constructor(private readonly options: DeliveriesOptions) {
    this.atOnce = options.atOnce ?? 64;
  }

  /** Begins what is due, and does not wait for it. */
  async begin(): Promise<void> {
    const room = this.atOnce - this.underWay.size;
    if (room <= 0) return;
    // Some of them may be under way already.
    const due = await this.options.database.lookup('due_deliveries', [this.atOnce]);
    for (const row of due.slice(0, this.atOnce)) {
      if (this.underWay.size >= this.atOnce) return;
      const [workspaceId, webhookId, replayId] = [row['workspace_id'], row['webhook_id'], row['replay_id']] as string[];
      const key = `${webhookId}/${replayId}`;
      if (this.underWay.has(key)) continue;
      const work = this.options.worker
        .work(workspaceId!, webhookId!, replayId!)
        .catch((err: unknown) =>
          this.options.logger.warn({ err, workspaceId, webhookId }, 'a delivery failed; it is tried again'),
        )
        .finally(() => this.underWay.delete(key));
      this.underWay.set(key, work);
    }
  }

  /** Resolves when nothing is under way. */
  async whenIdle(): Promise<void> {
    await Promise.all(this.underWay.values());
  }
}
