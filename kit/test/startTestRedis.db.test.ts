import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { eventually, startTestRedis, type TestRedis } from '../src/index.js';

describe('startTestRedis', () => {
  let server: TestRedis;
  let client: Redis;

  beforeEach(async () => {
    server = await startTestRedis();
    client = new Redis(server.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
  });

  afterEach(async () => {
    client.disconnect();
    await server[Symbol.asyncDispose]();
  });

  test('is empty after a kill and a restart on the same port', async () => {
    await client.set('key', 'value');
    await server.kill();
    await server.restart();
    expect(await client.get('key')).toBeNull();
  });

  test('answers nothing while it is frozen, and goes on afterwards', async () => {
    await client.set('key', 'value');
    server.freeze();
    const answer = client.get('key');
    const early = await Promise.race([answer, new Promise((resolve) => setTimeout(resolve, 100, 'nothing yet'))]);
    expect(early).toBe('nothing yet');
    server.resume();
    expect(await answer).toBe('value');
  });

  test('can be stopped twice', async () => {
    await server.stop();
    await server.stop();
    await eventually(() => expect(client.status).not.toBe('ready'));
  });
});
