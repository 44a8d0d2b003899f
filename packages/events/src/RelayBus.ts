import type { Bus, Unsubscribe } from './Bus.js';
import { InProcessBus } from './InProcessBus.js';

/** A hint on its way to another process or thread. */
export interface RelayedHint {
  readonly hint: { readonly channel: string; readonly message: string };
}

/** Tells a hint from whatever else comes over the same line. */
export function isRelayedHint(message: unknown): message is RelayedHint {
  return typeof message === 'object' && message !== null && 'hint' in message;
}

/** One end of a line to a neighbour. */
export interface RelayLine {
  /** For what the neighbour sent. */
  receive(hint: RelayedHint): void;
  /** Nothing goes over the line any more. */
  cut(): void;
}

/**
 * The bus of processes and threads that stand in a tree: each hint reaches all of them once, whoever published it. A line that is cut,
 * or down, loses hints and nothing else.
 */
export class RelayBus implements Bus {
  private readonly local = new InProcessBus();
  private readonly lines = new Set<(hint: RelayedHint) => void>();

  publish(channel: string, message: string): void {
    this.pass({ hint: { channel, message } }, null);
  }

  /** Opens a line over which `send` reaches the neighbour. */
  connect(send: (hint: RelayedHint) => void): RelayLine {
    const line = (hint: RelayedHint) => send(hint);
    this.lines.add(line);
    return {
      receive: (hint) => this.pass(hint, line),
      cut: () => void this.lines.delete(line),
    };
  }

  subscribe(channel: string, listener: (message: string) => void): Promise<Unsubscribe> {
    return this.local.subscribe(channel, listener);
  }

  subscribePattern(pattern: string, listener: (channel: string, message: string) => void): Promise<Unsubscribe> {
    return this.local.subscribePattern(pattern, listener);
  }

  onGap(): () => void {
    return this.local.onGap();
  }

  isConnected(): boolean {
    return true;
  }

  close(): Promise<void> {
    this.lines.clear();
    return this.local.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private pass(hint: RelayedHint, from: ((hint: RelayedHint) => void) | null): void {
    this.local.publish(hint.hint.channel, hint.hint.message);
    for (const line of this.lines) if (line !== from) line(hint);
  }
}
