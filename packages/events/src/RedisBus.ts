import { RedisPubSub } from 'graphql-redis-subscriptions';
import { connectRedis, type RedisConnection } from '@tributary/redis';
import type { Logger } from '@tributary/observability';
import type { Bus, Unsubscribe } from './Bus.js';

export interface RedisBusOptions {
  readonly url: string;
  readonly logger: Logger;
}

/** How long a new subscription waits for Redis; after that the safety poll carries it until Redis is back. */
const subscribePatienceMs = 500;

/**
 * The bus of cluster mode, on graphql-redis-subscriptions. Redis being away costs latency only: hints are dropped, subscriptions are
 * made again by ioredis, and `onGap` tells that hints may be missing.
 */
export class RedisBus implements Bus {
  private readonly pubSub: RedisPubSub;
  private readonly publisher: RedisConnection;
  private readonly subscriber: RedisConnection;
  private readonly gapListeners = new Set<() => void>();
  private readonly patterns = new Map<string, Set<(channel: string, message: string) => void>>();

  constructor(private readonly options: RedisBusOptions) {
    const { url, logger } = options;
    this.publisher = connectRedis(url, { logger, waits: false });
    // SUBSCRIBE may go out before ioredis's check whether Redis is ready, which a connection that subscribes is not allowed any more:
    // the check would fail, and with it everything that waits.
    this.subscriber = connectRedis(url, { logger, waits: true, checksReady: false });
    const tellGap = () => {
      for (const listener of this.gapListeners) listener();
    };
    this.subscriber.on('ready', tellGap);
    // Of a cluster: the node that messages came over may be the one that went.
    this.subscriber.on('+node', tellGap).on('-node', tellGap);
    this.subscriber.on('pmessage', (pattern: string, channel: string, message: string) => {
      for (const listener of this.patterns.get(pattern) ?? []) listener(channel, message);
    });
    this.pubSub = new RedisPubSub({
      publisher: this.publisher,
      subscriber: this.subscriber,
      serializer: String,
      deserializer: String,
    });
  }

  publish(channel: string, message: string): void {
    this.pubSub.publish(channel, message).catch(() => undefined);
  }

  async subscribe(channel: string, listener: (message: string) => void): Promise<Unsubscribe> {
    const subscribed = this.pubSub.subscribe(channel, listener);
    // While Redis is away the command waits in ioredis: the listener starts to work when it is back.
    await Promise.race([subscribed, patience()]);
    return async () => {
      await Promise.race([
        subscribed
          .then((id) => this.pubSub.unsubscribe(id))
          .catch((err: unknown) => this.options.logger.debug({ err }, 'unsubscribing failed')),
        patience(),
      ]);
    };
  }

  /** Past graphql-redis-subscriptions, which does not say on which channel a message of a pattern came. */
  async subscribePattern(pattern: string, listener: (channel: string, message: string) => void): Promise<Unsubscribe> {
    const own = (channel: string, message: string) => listener(channel, message);
    const listeners = this.patterns.get(pattern) ?? new Set();
    this.patterns.set(pattern, listeners.add(own));
    if (listeners.size === 1) await Promise.race([this.told('psubscribe', pattern), patience()]);
    return async () => {
      listeners.delete(own);
      if (listeners.size > 0) return;
      this.patterns.delete(pattern);
      await Promise.race([this.told('punsubscribe', pattern), patience()]);
    };
  }

  onGap(listener: () => void): () => void {
    this.gapListeners.add(listener);
    return () => this.gapListeners.delete(listener);
  }

  isConnected(): boolean {
    return this.subscriber.status === 'ready' && this.publisher.status === 'ready';
  }

  async close(): Promise<void> {
    this.gapListeners.clear();
    this.publisher.disconnect();
    this.subscriber.disconnect();
    await Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async told(command: 'psubscribe' | 'punsubscribe', pattern: string): Promise<void> {
    await this.subscriber[command](pattern).catch((err: unknown) =>
      this.options.logger.debug({ err, pattern }, `${command} failed`),
    );
  }
}

function patience(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, subscribePatienceMs).unref());
}
