import { gauge } from '@tributary/observability';
import type { SharedStreamOptions } from './SharedStream.js';
import { SharedStream } from './SharedStream.js';
import { Watcher, type WatcherOptions } from './Watcher.js';

export interface WatchRequest extends Omit<WatcherOptions, 'shared'> {
  /** Equal for those who may share. */
  readonly key: string;
  readonly open: SharedStreamOptions['open'];
}

const executions = gauge('tributary_gateway_shared_executions', 'Executions of subscriptions that watchers share.');

/** Every shared execution of this gateway, by what its watchers have in common. */
export class SharedStreams {
  private readonly streams = new Map<string, SharedStream>();

  constructor(private readonly ringEvents: number) {}

  /** Answers at once; whatever is wrong with the operation is told by the first read. */
  watch({ key, open, ...options }: WatchRequest): Watcher {
    return new Watcher({ ...options, shared: this.streams.get(key) ?? this.start(key, open) });
  }

  /** Ends all of them; watchers still get what they have not read of the ring. */
  end(failure: unknown): void {
    for (const stream of [...this.streams.values()]) stream.fail(failure);
  }

  private start(key: string, open: SharedStreamOptions['open']): SharedStream {
    const stream = new SharedStream({
      open,
      ringEvents: this.ringEvents,
      onEnd: () => {
        if (this.streams.get(key) === stream) this.streams.delete(key);
        executions.dec();
      },
    });
    this.streams.set(key, stream);
    executions.inc();
    return stream;
  }
}
