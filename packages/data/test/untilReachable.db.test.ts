import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { startTcpProxy, startTestDatabase } from '@tributary/kit';
import { untilReachable } from '../src/index.js';

describe('waiting for a database that is started beside us', () => {
  test('goes on as soon as it takes connections', async () => {
    await using database = await startTestDatabase({ empty: true });
    const url = new URL(database.superuserUrl);
    await using proxy = await startTcpProxy(Number(url.port));
    url.port = String(proxy.port);
    await proxy.cut();
    const waiting = untilReachable(url.href);
    await delay(700);
    await proxy.resume();
    await expect(waiting).resolves.toBeUndefined();
  });

  test('throws at once when the database refuses, and in the end when nobody is there', async () => {
    await using database = await startTestDatabase({ empty: true });
    const wrong = new URL(database.superuserUrl);
    wrong.username = 'nobody_of_that_name';
    await expect(untilReachable(wrong.href)).rejects.toThrow();
    await expect(untilReachable('postgres://x@127.0.0.1:9/x', 0)).rejects.toThrow(/ECONNREFUSED/);
  });
});
