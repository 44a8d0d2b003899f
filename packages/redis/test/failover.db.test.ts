import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLogger } from '@tributary/observability';
import { connectRedis, type RedisConnection } from '@tributary/redis';
import { eventually, startTestRedis, type TestRedis } from '@tributary/kit';

const logger = createLogger({ name: 'test', level: 'silent' });
const opened = new AsyncDisposableStack();
let server: TestRedis;
const watchers = new Set<Socket>();
/** While set, whoever asks a Sentinel for the master waits for it. */
let held: Promise<void> | null = null;
let asked = 0;
let url: string;

const words = (...all: string[]) => `*${all.length}\r\n${all.map((one) => `$${one.length}\r\n${one}\r\n`).join('')}`;
const announce = () => {
  const addresses = `main 127.0.0.1 1 127.0.0.1 ${server.port}`;
  for (const socket of watchers) socket.write(words('message', '+switch-master', addresses));
};

/** Answers like a Sentinel, but says what it says when the test wants it to. */
beforeAll(async () => {
  server = opened.use(await startTestRedis());
  const sentinel = createServer((socket) => {
    socket.on('error', () => undefined).on('close', () => watchers.delete(socket));
    socket.on('data', (data) => {
      for (const command of data
        .toString()
        .split(/^\*\d+\r\n/m)
        .slice(1)) {
        const name = command.split('\r\n')[1]!.toLowerCase();
        if (command.includes('get-master-addr-by-name')) {
          asked += 1;
          void Promise.resolve(held).then(() => socket.write(words('127.0.0.1', String(server.port))));
        } else if (name === 'subscribe') {
          watchers.add(socket);
          socket.write('*3\r\n$9\r\nsubscribe\r\n$14\r\n+switch-master\r\n:1\r\n');
        } else socket.write(name === 'sentinel' ? '*0\r\n' : '+OK\r\n');
      }
    });
  }).listen(0, '127.0.0.1');
  await once(sentinel, 'listening');
  opened.defer(() => void sentinel.close());
  url = `redis+sentinel://127.0.0.1:${(sentinel.address() as AddressInfo).port}/main`;
}, 30_000);
afterAll(() => opened.disposeAsync());

async function connected(): Promise<RedisConnection> {
  const redis = connectRedis(url, { logger, waits: true });
  await redis.ping();
  await eventually(() => expect(watchers.size).toBe(1));
  return redis;
}

/** Cuts a connection, and lets it wait for the Sentinel’s answer. */
async function cutWhileSentinelThinks(redis: RedisConnection): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  [held, asked] = [promise, 0];
  await redis.client('KILL', 'SKIPME', 'no').catch(() => undefined);
  await eventually(() => expect(asked).toBe(1));
  return () => {
    held = null;
    resolve();
  };
}

test('a new master that is announced while the connection asks for it does not end the connection', async () => {
  const redis = await connected();
  opened.defer(() => redis.disconnect());
  const answers = await cutWhileSentinelThinks(redis);
  announce();
  // It has heard of it when its watching connection is gone.
  await eventually(() => expect(watchers.size).toBe(0));
  answers();
  await eventually(() => expect(redis.status).toBe('ready'), { timeoutMs: 5_000 });
  await expect(redis.ping()).resolves.toBe('PONG');
  redis.disconnect();
  await eventually(() => expect(watchers.size).toBe(0));
});

test('a connection that is told to disconnect while it asks for the master stays away', async () => {
  const redis = await connected();
  const answers = await cutWhileSentinelThinks(redis);
  redis.disconnect();
  answers();
  await eventually(() => expect(redis.status).toBe('end'));
  await eventually(() => expect(watchers.size).toBe(0));
  expect(redis.status).toBe('end');
});
