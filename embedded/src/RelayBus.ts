import { InProcessBus } from '@tributary/events';
import type { Bus, Unsubscribe } from '@tributary/events';

/** A hint on its way from one process of embedded mode to the other. */
export interface RelayedHint {
  readonly hint: { readonly channel: string; readonly message: string };
}

export function isRelayedHint(message: unknown): message is RelayedHint {
  return typeof message === 'object' && message !== null && 'hint' in message;
}

/** The bus of the worker process: listeners here hear it, and the process that serves subscriptions gets it over IPC. */
export class RelayBus implements Bus {
  private readonly local = new InProcessBus();

  constructor(private readonly send: (hint: RelayedHint) => void) {}

  publish(channel: string, message: string): void {
    this.local.publish(channel, message);
    this.send({ hint: { channel, message } });
  }

  subscribe(channel: string, listener: (message: string) => void): Promise<Unsubscribe> {
    return this.local.subscribe(channel, listener);
  }

  onGap(): () => void {
    return this.local.onGap();
  }

  isConnected(): boolean {
    return true;
  }

  close(): Promise<void> {
    return this.local.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
