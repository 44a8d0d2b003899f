import { EventEmitter } from 'node:events';
import type { Bus, Unsubscribe } from './Bus.js';

/** The bus of embedded mode: hints stay in the process. Delivery is asynchronous, as with Redis. */
export class InProcessBus implements Bus {
  private readonly emitter = new EventEmitter().setMaxListeners(0);
  private readonly patterns = new Set<(channel: string, message: string) => void>();

  publish(channel: string, message: string): void {
    setImmediate(() => {
      this.emitter.emit(channel, message);
      for (const hear of this.patterns) hear(channel, message);
    });
  }

  subscribe(channel: string, listener: (message: string) => void): Promise<Unsubscribe> {
    // A listener that subscribes twice holds two subscriptions, so each gets a function of its own.
    const own = (message: string) => listener(message);
    this.emitter.on(channel, own);
    return Promise.resolve(() => {
      this.emitter.off(channel, own);
      return Promise.resolve();
    });
  }

  subscribePattern(pattern: string, listener: (channel: string, message: string) => void): Promise<Unsubscribe> {
    const [start = '', end = ''] = pattern.split('*');
    const own = (channel: string, message: string) => {
      const fits = channel.length >= start.length + end.length && channel.startsWith(start) && channel.endsWith(end);
      if (fits) listener(channel, message);
    };
    this.patterns.add(own);
    return Promise.resolve(() => {
      this.patterns.delete(own);
      return Promise.resolve();
    });
  }

  onGap(): () => void {
    return () => undefined;
  }

  isConnected(): boolean {
    return true;
  }

  close(): Promise<void> {
    this.emitter.removeAllListeners();
    this.patterns.clear();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
