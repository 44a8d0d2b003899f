import type { GatewaySecrets } from '@tributary/auth';
import type { Logger } from '@tributary/observability';
import { connectRedis, type RedisConnection } from '@tributary/redis';
import type { SharedAnswer, SharedLevel } from './SharedLevel.js';
import { ValueSeal } from './ValueSeal.js';

export interface RedisLevelOptions {
  readonly url: string;
  readonly secrets: GatewaySecrets;
  readonly logger: Logger;
  /** How long Redis may take. Default 150. */
  readonly timeoutMs?: number;
  /** How long it is not asked again after it failed. Default 1,000. */
  readonly pauseMs?: number;
}

interface StoredAnswer {
  readonly text: string;
  /** How old it was when it was stored, and how long it was to stay. */
  readonly bornMs: number;
  readonly lifeMs: number;
  /** By the clock of who stored it, in ms since 1970. */
  readonly storedAt: number;
}

/**
 * Answers in Redis, of one server, a cluster or behind Sentinel. How old one is tells the time that it has left there, whatever
 * the clocks of processes say; and where they say more, for it may have waited on its way, they are believed. While Redis is away nothing is found and nothing kept.
 */
export class RedisLevel implements SharedLevel {
  private readonly seal: ValueSeal;
  private readonly connection: RedisConnection;
  private asideUntil = 0;
  private isAway = false;

  constructor(private readonly options: RedisLevelOptions) {
    const { url, secrets, logger, timeoutMs = 150 } = options;
    this.seal = new ValueSeal(secrets);
    this.connection = connectRedis(url, { logger, waits: false, commandTimeoutMs: timeoutMs });
  }

  async get(key: string): Promise<SharedAnswer | null> {
    const { redis } = this;
    if (!redis) return null;
    try {
      // The time that is left first: a value that is put in between is taken for older than it is.
      const [leftMs, sealed] = await Promise.all([redis.pttl(key), redis.getBuffer(key)]);
      this.answered();
      const text = sealed && leftMs > 0 ? this.seal.open(key, sealed) : null;
      if (text === null) return null;
      const stored = JSON.parse(text) as StoredAnswer;
      const keptMs = Math.max(stored.lifeMs - leftMs, Date.now() - stored.storedAt);
      return { text: stored.text, bornAt: performance.now() - stored.bornMs - Math.max(0, keptMs) };
    } catch (error) {
      this.failed(error);
      return null;
    }
  }

  put(key: string, { text, bornAt }: SharedAnswer, lifeMs: number): void {
    const { redis } = this;
    if (!redis) return;
    const life = Math.ceil(lifeMs);
    const stored: StoredAnswer = { text, bornMs: performance.now() - bornAt, lifeMs: life, storedAt: Date.now() };
    redis
      .set(key, this.seal.seal(key, JSON.stringify(stored)), 'PX', life)
      .catch((error: unknown) => this.failed(error));
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.connection.disconnect();
    return Promise.resolve();
  }

  /** Null while Redis is left alone. */
  private get redis(): RedisConnection | null {
    return performance.now() < this.asideUntil ? null : this.connection;
  }

  private answered(): void {
    if (!this.isAway) return;
    this.isAway = false;
    this.options.logger.info('Answers are kept in Redis again.');
  }

  private failed(err: unknown): void {
    this.asideUntil = performance.now() + (this.options.pauseMs ?? 1_000);
    if (this.isAway) return;
    this.isAway = true;
    this.options.logger.warn({ err }, 'Redis does not answer: answers are kept by this process alone.');
  }
}
