import { ConfigError } from '@tributary/kernel';
import { Redis } from 'ioredis';
import { entryOf, readRedisAddress } from './redisAddress.js';

const patienceMs = 2_000;

/**
 * Throws a ConfigError when REDIS_URL names something that will never do: one node of a cluster, a Sentinel as if it were a server, or a
 * server that refuses the password. Redis being away is no reason to refuse: it costs latency only, and it comes back.
 */
export async function refuseWrongRedis(url: string): Promise<void> {
  const address = readRedisAddress(url);
  if (address.kind !== 'single') return;
  const redis = new Redis({
    ...address.nodes[0],
    ...entryOf(address),
    lazyConnect: true,
    enableReadyCheck: false,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  // A refused password is told here, and the calls then fail because the connection is closed.
  const refusals: unknown[] = [];
  redis.on('error', (error) => refusals.push(error));
  try {
    await redis.connect();
    // Valkey says it under a name of its own.
    const mode = /(?:redis|server)_mode:(\w+)/.exec(await redis.info('server'))?.[1];
    if (mode === 'cluster') throw wrong('names one node of a Redis Cluster: write redis+cluster://host:port,host:port');
    if (mode === 'sentinel') throw wrong('names a Sentinel: write redis+sentinel://host:port,host:port/name');
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const refusal = [error, ...refusals].find((each) => /^(NOAUTH|WRONGPASS)/.test((each as Error).message));
    if (refusal) throw wrong('names a Redis that refuses its user and password', refusal);
  } finally {
    redis.disconnect();
  }
}

function wrong(what: string, cause?: unknown): ConfigError {
  return new ConfigError(`Tributary cannot start with these settings:\n  REDIS_URL: ${what}.`, { cause });
}
