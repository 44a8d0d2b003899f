import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLogger } from '@tributary/observability';
import { InProcessBus, RedisBus, RelayBus } from '@tributary/events';
import type { Bus } from '@tributary/events';
import { eventually, startTcpProxy, startTestRedis } from '@tributary/kit';

let redis: Awaited<ReturnType<typeof startTestRedis>>;
const logger = createLogger({ name: 'test', level: 'silent' });

beforeAll(async () => {
  redis = await startTestRedis();
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
});

const buses: [string, () => Bus][] = [
  ['in process', () => new InProcessBus()],
  ['that relays', () => new RelayBus()],
  ['Redis', () => new RedisBus({ url: redis.url, logger })],
];

describe.each(buses)('the bus %s', (_, open) => {
  async function ready(): Promise<Bus> {
    const bus = open();
    await eventually(() => expect(bus.isConnected()).toBe(true));
    return bus;
  }

  test('goes on for the other listener when one of two leaves', async () => {
    await using bus = await ready();
    const heard: string[] = [];
    const leave = await bus.subscribe('c', (message) => heard.push(`first ${message}`));
    await bus.subscribe('c', (message) => heard.push(`second ${message}`));
    await leave();
    bus.publish('c', '1');
    await eventually(() => expect(heard).toEqual(['second 1']));
  });

  test('tells a listener that subscribes twice twice, and once after it left once', async () => {
    await using bus = await ready();
    const heard: string[] = [];
    const listener = (message: string) => void heard.push(message);
    const leave = await bus.subscribe('c', listener);
    await bus.subscribe('c', listener);
    bus.publish('c', '1');
    await eventually(() => expect(heard).toEqual(['1', '1']));
    await leave();
    bus.publish('c', '2');
    await eventually(() => expect(heard).toEqual(['1', '1', '2']));
  });

  test('keeps channels apart and messages in order', async () => {
    await using bus = await ready();
    const heard: string[] = [];
    await bus.subscribe('wanted', (message) => heard.push(message));
    for (let n = 0; n < 50; n += 1) bus.publish(n % 2 === 0 ? 'wanted' : 'other', String(n));
    await eventually(() => expect(heard).toEqual(Array.from({ length: 25 }, (__, n) => String(n * 2))));
  });

  test('can be subscribed to again after everybody left', async () => {
    await using bus = await ready();
    await (
      await bus.subscribe('c', () => undefined)
    )();
    const heard: string[] = [];
    await bus.subscribe('c', (message) => heard.push(message));
    bus.publish('c', '1');
    await eventually(() => expect(heard).toEqual(['1']));
  });

  test('hears the channels of a pattern, each with its name, until the listener leaves', async () => {
    await using bus = await ready();
    const [heard, alsoHeard]: [string[], string[]] = [[], []];
    const leave = await bus.subscribePattern('a:*:z', (channel, message) => heard.push(`${channel} ${message}`));
    await bus.subscribePattern('a:*:z', (channel) => alsoHeard.push(channel));
    for (const channel of ['a:1:z', 'a:1:y', 'b:1:z', 'a:2:z']) bus.publish(channel, 'm');
    await eventually(() => expect(heard).toEqual(['a:1:z m', 'a:2:z m']));
    await leave();
    bus.publish('a:3:z', 'm');
    await eventually(() => expect(alsoHeard).toEqual(['a:1:z', 'a:2:z', 'a:3:z']));
    expect(heard).toHaveLength(2);
  });

  test('is closed while messages are under way without a word', async () => {
    const bus = await ready();
    await bus.subscribe('c', () => undefined);
    for (let n = 0; n < 100; n += 1) bus.publish('c', String(n));
    await bus.close();
    bus.publish('c', 'late');
  });
});

describe('buses that relay', () => {
  /** Lays a line between two, as a channel between processes would be. */
  function join(left: RelayBus, right: RelayBus) {
    const line = {
      left: left.connect((hint) => line.right.receive(hint)),
      right: right.connect((hint) => line.left.receive(hint)),
    };
    return line;
  }

  test('carry a hint to every process of the tree once, whichever published it', async () => {
    const [main, worker, thread] = [new RelayBus(), new RelayBus(), new RelayBus()];
    join(main, worker);
    join(worker, thread);
    const heard: string[] = [];
    for (const [name, bus] of Object.entries({ main, worker, thread }))
      await bus.subscribe('c', (message) => heard.push(`${name} ${message}`));
    for (const [name, bus] of Object.entries({ main, worker, thread })) bus.publish('c', `from ${name}`);
    await eventually(() => expect(heard).toHaveLength(9));
    expect(new Set(heard).size).toBe(9);
  });

  test('send nothing over a line that was cut', async () => {
    const [main, worker] = [new RelayBus(), new RelayBus()];
    const line = join(main, worker);
    const heard: string[] = [];
    await worker.subscribe('c', (message) => heard.push(message));
    main.publish('c', 'before');
    await eventually(() => expect(heard).toEqual(['before']));
    line.left.cut();
    main.publish('c', 'behind');
    worker.publish('c', 'own');
    await eventually(() => expect(heard).toEqual(['before', 'own']));
  });
});

test('the Redis bus outlives a Redis that is killed: it tells of the gap and listeners hear again', async () => {
  const own = await startTestRedis();
  await using bus = new RedisBus({ url: own.url, logger });
  const heard: string[] = [];
  let gaps = 0;
  await bus.subscribe('c', (message) => heard.push(message));
  await eventually(() => expect(bus.isConnected()).toBe(true));
  bus.onGap(() => (gaps += 1));
  await own.kill();
  await eventually(() => expect(bus.isConnected()).toBe(false));
  bus.publish('c', 'nobody hears this');
  await own.restart();
  await eventually(() => expect(gaps).toBeGreaterThan(0), { timeoutMs: 10_000 });
  await eventually(
    () => {
      bus.publish('c', 'back');
      expect(heard).toContain('back');
    },
    { timeoutMs: 10_000 },
  );
  expect(heard).not.toContain('nobody hears this');
  await own[Symbol.asyncDispose]();
}, 30_000);

test('listeners may come and go while the Redis bus is being connected again', async () => {
  const unheard: unknown[] = [];
  const note = (reason: unknown) => unheard.push(reason);
  process.on('unhandledRejection', note);
  try {
    const own = await startTestRedis();
    await using proxy = await startTcpProxy(own.port);
    await using bus = new RedisBus({ url: `redis://127.0.0.1:${proxy.port}`, logger });
    await eventually(() => expect(bus.isConnected()).toBe(true));
    const heard: string[] = [];
    await bus.subscribe('kept', (message) => heard.push(message));
    for (let round = 0; round < 8; round += 1) {
      proxy.drop();
      const coming: Promise<() => Promise<void>>[] = [];
      for (let wait = 0; wait < 30 || !bus.isConnected(); wait += 1) {
        coming.push(bus.subscribe(`passing ${round} ${wait}`, () => undefined));
        await new Promise((resolve) => setTimeout(resolve, wait < 30 ? 4 : 20));
      }
      await Promise.all(coming.map(async (unsubscribe) => (await unsubscribe)()));
    }
    expect(unheard).toEqual([]);
    await eventually(() => {
      bus.publish('kept', 'still there');
      expect(heard).toContain('still there');
    });
    await own[Symbol.asyncDispose]();
  } finally {
    process.off('unhandledRejection', note);
  }
}, 30_000);
