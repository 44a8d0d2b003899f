import type { KeyObject } from 'node:crypto';
import type { Logger } from '@tributary/observability';
import { writeCheckpoints } from './writeCheckpoints.js';

export interface AuditCheckpointWriterOptions {
  /** Logs in as role `worker`. */
  readonly workerUrl: string;
  readonly key: KeyObject;
  /** Between two rounds. */
  readonly everyMs: number;
  readonly logger: Logger;
}

/** Signs the ends of all audit trails again and again. Several processes may do it side by side. */
export class AuditCheckpointWriter implements AsyncDisposable {
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> | null = null;

  constructor(private readonly options: AuditCheckpointWriterOptions) {}

  start(): void {
    this.timer = setInterval(() => void this.round(), this.options.everyMs);
    this.timer.unref();
    void this.round();
  }

  /** Waits for the round under way; what was written after it is signed by the next process. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.writing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private round(): Promise<void> {
    this.writing ??= this.write().finally(() => {
      this.writing = null;
    });
    return this.writing;
  }

  private async write(): Promise<void> {
    const { workerUrl, key, logger } = this.options;
    try {
      const { broken } = await writeCheckpoints(workerUrl, key);
      for (const workspaceId of broken)
        logger.error({ workspaceId }, 'the audit trail lost what was signed before: run npm run audit:verify');
    } catch (err) {
      logger.warn({ err }, 'audit checkpoints were not written; the next round tries again');
    }
  }
}
