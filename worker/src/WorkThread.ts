import { Worker } from 'node:worker_threads';
import { reactionsHeapLimits } from '@tributary/process';

const stopMessage = 'stop';

export interface WorkThreadOptions {
  /** The file that runs there. It waits with `threadStopped`, and ends by itself after that. */
  readonly file: URL;
  /** It finds this as `workerData`. */
  readonly data: unknown;
  readonly onMessage?: (message: unknown) => void;
  /** It ended without having been told to. */
  readonly onLost: (reason: unknown) => void;
}

/** A kind of work on a thread of its own: an event loop that nobody else keeps busy, within the same process. */
export class WorkThread implements AsyncDisposable {
  private readonly worker: Worker;
  private readonly ended: Promise<void>;
  private stopping = false;

  constructor(options: WorkThreadOptions) {
    this.worker = new Worker(options.file, { workerData: options.data, resourceLimits: reactionsHeapLimits });
    if (options.onMessage) this.worker.on('message', options.onMessage);
    let reason: unknown = null;
    this.worker.on('error', (error) => {
      reason = error;
    });
    this.ended = new Promise((resolve) => {
      this.worker.once('exit', (code) => {
        if (!this.stopping) options.onLost(reason ?? new Error(`The thread ended with ${code}.`));
        resolve();
      });
    });
  }

  send(message: unknown): void {
    this.worker.postMessage(message);
  }

  /** Resolves when the thread has ended what it was doing. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.worker.postMessage(stopMessage);
    await this.ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

/** In the thread: whether this message asks it to stop. */
export function asksToStop(message: unknown): boolean {
  return message === stopMessage;
}
