import { counter, type Logger } from '@tributary/observability';
import { connectRedis, type RedisConnection } from '@tributary/redis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Claim, BudgetState } from './Budget.js';
import type { Counters } from './Counters.js';
import { InProcessCounters } from './InProcessCounters.js';
import { Limiters } from './Limiters.js';

export interface RedisCountersOptions {
  readonly url: string;
  readonly logger: Logger;
  /** How long Redis may take. Default 500. */
  readonly timeoutMs?: number;
  /** How long it is not asked again after it failed. Default 1,000. */
  readonly pauseMs?: number;
}

const locally = counter(
  'tributary_limits_local_total',
  'Times that budgets were counted in this process alone, because Redis did not answer.',
);

/**
 * Counts for all processes together: each claim is one script, atomic in Redis, and all claims of a call travel together.
 * While Redis is away everything is counted here, so that a budget is never refused for want of Redis, and never endless.
 */
export class RedisCounters implements Counters {
  private readonly redis: RedisConnection;
  private readonly limiters: Limiters;
  private readonly local = new InProcessCounters();
  private readonly pauseMs: number;
  private asideUntil = 0;
  private isAway = false;

  constructor(private readonly options: RedisCountersOptions) {
    this.pauseMs = options.pauseMs ?? 1_000;
    const { url, logger, timeoutMs = 500 } = options;
    this.redis = connectRedis(url, { logger, waits: false, commandTimeoutMs: timeoutMs });
    this.limiters = new Limiters(
      ({ points, seconds }) =>
        new RateLimiterRedis({
          storeClient: this.redis,
          keyPrefix: '',
          points,
          duration: seconds,
          // Somebody who is over a budget already is refused here until its window ends, and costs Redis nothing more.
          inMemoryBlockOnConsumed: points + 1,
        }),
    );
  }

  async take(claims: readonly Claim[]): Promise<BudgetState[]> {
    if (performance.now() >= this.asideUntil) {
      try {
        const budgetStates = await Promise.all(claims.map((claim) => this.limiters.take(claim)));
        this.answered();
        return budgetStates;
      } catch (error) {
        this.failed(error);
      }
    }
    locally.inc();
    return this.local.take(claims);
  }

  async forget(claim: Claim): Promise<void> {
    await this.local.forget(claim);
    if (performance.now() < this.asideUntil) return;
    await this.limiters.forget(claim).catch((error: unknown) => this.failed(error));
  }

  /** Whether the next claims are counted in Redis. */
  isConnected(): boolean {
    return this.redis.status === 'ready' && performance.now() >= this.asideUntil;
  }

  async close(): Promise<void> {
    this.redis.disconnect();
    await this.local.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private answered(): void {
    if (!this.isAway) return;
    this.isAway = false;
    this.options.logger.info('Budgets are counted in Redis again.');
  }

  private failed(error: unknown): void {
    this.asideUntil = performance.now() + this.pauseMs;
    if (this.isAway) return;
    this.isAway = true;
    this.options.logger.warn({ err: error }, 'Redis does not answer: budgets are counted in this process alone.');
  }
}
