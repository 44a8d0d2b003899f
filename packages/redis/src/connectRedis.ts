import type { Logger } from '@tributary/observability';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { entryOf, readRedisAddress } from './redisAddress.js';

export type RedisConnection = Redis | Cluster;

export interface ConnectOptions {
  readonly logger: Logger;
  /** Whether commands wait while Redis is away. False: they fail at once. */
  readonly waits: boolean;
  /** How long a command may take, in ms. Default: any time. */
  readonly commandTimeoutMs?: number;
  /** False for a connection that subscribes: SUBSCRIBE may go out before the check, which is not allowed behind it. Default true. */
  readonly checksReady?: boolean;
}

/** Longest wait between two attempts to reach Redis again. */
const longestWaitMs = 1_000;
const nextAttempt = (attempt: number): number => Math.min(50 * 2 ** Math.min(attempt, 10), longestWaitMs);

/** Connects, and connects again for as long as it is not told to disconnect. Throws when the URL is none. */
export function connectRedis(url: string, options: ConnectOptions): RedisConnection {
  const address = readRedisAddress(url);
  const { kind, nodes, name, db, tls, username, password } = address;
  const { logger, waits, commandTimeoutMs, checksReady = true } = options;
  const shared = { enableOfflineQueue: waits, enableReadyCheck: checksReady };
  const each: RedisOptions = {
    ...entryOf(address),
    connectTimeout: 2_000,
    maxRetriesPerRequest: waits ? null : 0,
    ...(commandTimeoutMs === undefined ? {} : { commandTimeout: commandTimeoutMs }),
  };
  const redis =
    kind === 'cluster'
      ? new Cluster([...nodes], {
          ...shared,
          redisOptions: each,
          clusterRetryStrategy: nextAttempt,
          // A certificate is for a name, and the nodes are to be dialled by what they are called.
          ...(tls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
        })
      : new Redis({
          ...shared,
          ...each,
          db,
          retryStrategy: nextAttempt,
          ...(kind === 'sentinel'
            ? {
                sentinels: [...nodes],
                name: name!,
                sentinelRetryStrategy: nextAttempt,
                ...(password === null ? {} : { sentinelPassword: password }),
                ...(username === null ? {} : { sentinelUsername: username }),
                ...(tls ? { enableTLSForSentinelMode: true, sentinelTLS: {} } : {}),
                failoverDetector: true,
              }
            : { host: nodes[0].host, port: nodes[0].port }),
        });
  redis.on('error', (err) => logger.debug({ err }, 'Redis is not reachable'));
  if (redis instanceof Redis) surviveAnnouncements(redis);
  return redis;
}

/**
 * ioredis takes a new master that is announced while it asks for the master as its own caller's disconnect, and ends for ever. It says so in
 * an error that it keeps to itself when the disconnect was the caller's.
 */
function surviveAnnouncements(redis: Redis): void {
  redis.on('error', ({ message }: Error) => {
    if (redis.status !== 'connecting' || message !== 'Connection is closed.') return;
    redis.once('end', () => void redis.connect().catch(() => undefined));
  });
}
