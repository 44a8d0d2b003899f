import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseGatewaySecrets } from '@tributary/auth';
import { RedisLevel } from '@tributary/cache';
import { eventually, startTestRedis } from '@tributary/kit';
import type { TestRedis } from '@tributary/kit';
import { createLogger } from '@tributary/observability';
import { connectRedis } from '@tributary/redis';
import type { RedisConnection } from '@tributary/redis';

const logger = createLogger({ name: 'test', level: 'silent' });
const firstSecret = '0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c';
const secrets = parseGatewaySecrets(firstSecret);
const key = 'metrics:01900000-0000-7000-8000-000000000001:kpis:abc';

let redis: TestRedis;
let level: RedisLevel;
let raw: RedisConnection;

beforeAll(async () => {
  redis = await startTestRedis();
  level = new RedisLevel({ url: redis.url, secrets, logger, pauseMs: 50 });
  raw = connectRedis(redis.url, { logger, waits: true });
  await eventually(async () => {
    level.put(key, { text: 'first', bornAt: performance.now() }, 60_000);
    expect(await level.get(key)).not.toBeNull();
  });
});

afterAll(async () => {
  await level[Symbol.asyncDispose]();
  raw.disconnect();
  await redis[Symbol.asyncDispose]();
});

test('an answer is found with its age, whatever the clocks of processes say', async () => {
  level.put(key, { text: 'figures', bornAt: performance.now() - 5_000 }, 60_000);
  await eventually(async () => expect(await level.get(key)).toMatchObject({ text: 'figures' }));
  await raw.pexpire(key, 20_000);
  const { bornAt } = (await level.get(key))!;
  const ageMs = performance.now() - bornAt;
  expect(ageMs).toBeGreaterThanOrEqual(45_000);
  expect(ageMs).toBeLessThan(46_000);
});

test('nothing of a tenant can be read in Redis', async () => {
  level.put(key, { text: 'figures of agent Canary', bornAt: performance.now() }, 60_000);
  await eventually(async () => expect((await level.get(key))?.text).toContain('Canary'));
  expect((await raw.getBuffer(key))!.toString('latin1')).not.toContain('Canary');
});

test('a value that lies under another key, or was changed, is none', async () => {
  level.put(key, { text: 'figures', bornAt: performance.now() }, 60_000);
  await eventually(async () => expect((await level.get(key))?.text).toBe('figures'));
  const value = (await raw.getBuffer(key))!;
  const elsewhere = key.replace('000001', '000002');
  await raw.set(elsewhere, value, 'PX', 60_000);
  expect(await level.get(elsewhere)).toBeNull();
  value[20]! ^= 1;
  await raw.set(key, value, 'PX', 60_000);
  expect(await level.get(key)).toBeNull();
  await raw.set(key, 'short', 'PX', 60_000);
  expect(await level.get(key)).toBeNull();
});

test('while a secret is exchanged, what the one before has sealed still opens, and nothing that others sealed', async () => {
  const nextSecret = 'c0ffee11deadbeef22facade33feed44bead5566';
  const levelWith = (text: string) => new RedisLevel({ url: redis.url, secrets: parseGatewaySecrets(text), logger });
  await using both = levelWith(`${nextSecret},${firstSecret}`);
  await using next = levelWith(nextSecret);
  level.put(key, { text: 'of before', bornAt: performance.now() }, 60_000);
  await eventually(async () => expect((await both.get(key))?.text).toBe('of before'));
  expect(await next.get(key)).toBeNull();
});

test('while Redis is frozen or gone nothing is found, soon, and nothing throws; it is asked again when it is back', async () => {
  redis.freeze();
  const begun = performance.now();
  expect(await level.get(key)).toBeNull();
  level.put(key, { text: 'lost', bornAt: performance.now() }, 60_000);
  expect(performance.now() - begun).toBeLessThan(1_000);
  redis.resume();
  await redis.kill();
  for (let n = 0; n < 3; n += 1) expect(await level.get(key)).toBeNull();
  await redis.restart();
  await eventually(
    async () => {
      level.put(key, { text: 'again', bornAt: performance.now() }, 60_000);
      expect((await level.get(key))?.text).toBe('again');
    },
    { timeoutMs: 10_000 },
  );
});
