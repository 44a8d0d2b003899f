import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger, MetricsSnapshot } from '@tributary/observability';
import { isRelayedHint } from '@tributary/events';
import type { RelayBus } from '@tributary/events';
import { phasesHeapFlags } from '@tributary/process';
import { isToldMetrics } from '@tributary/worker';
import { workerRuns } from './openWork.js';
import type { WorkerSettings } from './openWork.js';

const entry = fileURLToPath(new URL('workerMain.js', import.meta.url));
const nodeFlags = ['--import', import.meta.resolve('@tributary/process/ownSourceMaps'), ...phasesHeapFlags];
const firstWaitMs = 200;
const longestWaitMs = 5_000;
const stopPatienceMs = 6_000;

/** Keeps one worker process running. What nobody waits for is done there, so that it never holds up a request. */
export class WorkerProcess implements AsyncDisposable {
  private child: ChildProcess | null = null;
  private wait = firstWaitMs;
  private restart: NodeJS.Timeout | null = null;
  private stopping = false;
  private works = false;
  /** What its threads have counted, as they told last. */
  private readonly counted = new Map<string, MetricsSnapshot>();
  private readonly begun = Promise.withResolvers<void>();

  constructor(
    private readonly settings: WorkerSettings,
    private readonly bus: RelayBus,
    private readonly logger: Logger,
  ) {}

  start(): void {
    this.restart = null;
    const startedAt = Date.now();
    const child = fork(entry, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execArgv: nodeFlags });
    this.child = child;
    child.send(this.settings);
    const line = this.bus.connect((hint) => {
      if (child.connected) child.send(hint);
    });
    child.on('message', (message) => {
      if (isRelayedHint(message)) line.receive(message);
      else if (message === workerRuns) {
        this.works = true;
        this.begun.resolve();
      } else if (isToldMetrics(message)) {
        this.counted.set('of' in message ? String(message.of) : '', message.metrics);
      }
    });
    child.once('exit', (code, signal) => {
      line.cut();
      this.child = null;
      this.works = false;
      this.counted.clear();
      if (this.stopping) return;
      // A worker that ran for a while and then fell starts again at once; one that falls at each start waits longer each time.
      this.wait = Date.now() - startedAt > 30_000 ? firstWaitMs : Math.min(this.wait * 2, longestWaitMs);
      this.logger.warn({ code, signal, restartInMs: this.wait }, 'the worker ended; another one is started');
      this.restart = setTimeout(() => this.start(), this.wait);
    });
  }

  /** Whether it works just now: it has said so, and has not ended since. */
  get isRunning(): boolean {
    return this.works;
  }

  /** Resolves when it has begun to work for the first time, or after `patienceMs`. */
  async running(patienceMs: number): Promise<void> {
    const patience = new AbortController();
    const late = delay(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
    await Promise.race([this.begun.promise, late]);
    patience.abort();
  }

  /** What it has counted since it was started, by thread. */
  get metrics(): readonly MetricsSnapshot[] {
    return [...this.counted.values()];
  }

  get pid(): number | null {
    return this.child?.pid ?? null;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    if (this.restart) clearTimeout(this.restart);
    const child = this.child;
    if (!child) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), stopPatienceMs);
    await ended;
    clearTimeout(timer);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
