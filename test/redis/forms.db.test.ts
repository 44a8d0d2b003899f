import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseGatewaySecrets } from '@tributary/auth';
import { RedisLevel } from '@tributary/cache';
import { RedisBus } from '@tributary/events';
import { RedisCounters } from '@tributary/limits';
import { createLogger } from '@tributary/observability';
import { refuseWrongRedis } from '@tributary/redis';
import { eventually, freePort, redisServer, startTestRedis, type TestRedis } from '@tributary/kit';
import { makeCertificates } from '../../gateway/test/support/certificates.js';

const logger = createLogger({ name: 'test', level: 'silent' });
const workspaceId = '01900000-0000-7000-8000-000000000001';
const secrets = parseGatewaySecrets('0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c');

const opened = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'tributary-redis-'));
const urls: Record<string, string> = {};
let master: TestRedis;

const start = async (options: readonly string[] = []): Promise<TestRedis> =>
  opened.use(await startTestRedis({ options }));

async function startCluster(): Promise<TestRedis[]> {
  const nodes: TestRedis[] = [];
  for (const n of [1, 2, 3]) {
    const nodeFolder = mkdtempSync(join(folder, `node-${n}-`));
    nodes.push(await start(['--cluster-enabled', 'yes', '--dir', nodeFolder, '--cluster-node-timeout', '2000']));
  }
  const hosts = nodes.map(({ port }) => `127.0.0.1:${port}`);
  execFileSync('redis-cli', ['--cluster', 'create', ...hosts, '--cluster-yes'], { stdio: 'ignore' });
  await eventually(
    () => {
      for (const { port } of nodes)
        expect(execFileSync('redis-cli', ['-p', String(port), 'cluster', 'info']).toString()).toContain(
          'cluster_state:ok',
        );
    },
    { timeoutMs: 20_000 },
  );
  return nodes;
}

async function startSentinel(): Promise<string> {
  master = await start();
  const replica = await start(['--replicaof', '127.0.0.1', String(master.port)]);
  await eventually(
    () => {
      const said = execFileSync('redis-cli', ['-p', String(replica.port), 'info', 'replication']).toString();
      expect(said).toContain('master_link_status:up');
    },
    { timeoutMs: 20_000 },
  );
  const file = join(folder, 'sentinel.conf');
  writeFileSync(
    file,
    `sentinel monitor main 127.0.0.1 ${master.port} 1\nsentinel down-after-milliseconds main 500\nsentinel failover-timeout main 3000\n`,
  );
  const port = await freePort();
  // The file is behind the program's name; a Sentinel writes into it what it learns.
  const script = join(folder, 'sentinel.sh');
  writeFileSync(script, `#!/bin/sh\nexec ${redisServer} ${file} --sentinel --port ${port} --bind 127.0.0.1\n`, {
    mode: 0o755,
  });
  opened.use(await startTestRedis({ program: script, port }));
  // A Sentinel can make no server the master that it has not heard of.
  await eventually(
    () => {
      const known = execFileSync('redis-cli', ['-p', String(port), 'sentinel', 'replicas', 'main']).toString();
      expect(known).toMatch(new RegExp(`\\b${replica.port}\\b[^]*master-link-status\\s+ok`));
    },
    { timeoutMs: 20_000, intervalMs: 100 },
  );
  return `redis+sentinel://127.0.0.1:${port}/main`;
}

beforeAll(async () => {
  const one = await start();
  const guarded = await start(['--requirepass', 'p@ss']);
  urls['one server'] = one.url;
  urls['one server with a password'] = `redis://:p%40ss@127.0.0.1:${guarded.port}`;
  urls['a cluster'] = `redis+cluster://${(await startCluster()).map(({ port }) => `127.0.0.1:${port}`).join(',')}`;
  urls['Sentinel'] = await startSentinel();
}, 60_000);
afterAll(async () => {
  await opened.disposeAsync();
  rmSync(folder, { recursive: true, force: true });
});

let made = 0;
const claim = (identifier: string, points = 5) => ({
  budget: { name: `forms-${made}`, points, seconds: 60 },
  workspaceId,
  identifier,
  points: 1,
});

describe.each(['one server', 'one server with a password', 'a cluster', 'Sentinel'])('Redis as %s', (form) => {
  test('tells every process what one of them published, also by pattern', async () => {
    await using tells = new RedisBus({ url: urls[form]!, logger });
    await using hears = new RedisBus({ url: urls[form]!, logger });
    await eventually(() => expect([tells.isConnected(), hears.isConnected()]).toEqual([true, true]));
    const heard: string[] = [];
    await hears.subscribe('stream:a', (message) => heard.push(`a ${message}`));
    await hears.subscribePattern('stream:*', (channel, message) => heard.push(`${channel} ${message}`));
    await eventually(() => {
      tells.publish('stream:a', '1');
      expect(heard).toEqual(expect.arrayContaining(['a 1', 'stream:a 1']));
    });
  });

  test('counts budgets for all processes together, whichever node they are on', async () => {
    made += 1;
    await using here = new RedisCounters({ url: urls[form]!, logger, pauseMs: 100 });
    await using there = new RedisCounters({ url: urls[form]!, logger, pauseMs: 100 });
    await eventually(() => expect([here.isConnected(), there.isConnected()]).toEqual([true, true]));
    // Many people, so that their keys are on all nodes of a cluster.
    for (const person of Array.from({ length: 20 }, (_, n) => `person-${n}`)) {
      for (let n = 0; n < 5; n += 1) await (n % 2 === 0 ? here : there).take([claim(person)]);
      const [state] = await there.take([claim(person)]);
      expect(state).toMatchObject({ allowed: false });
    }
  });

  test('keeps answers for all processes together, whichever node they are on, and to each its own', async () => {
    await using here = new RedisLevel({ url: urls[form]!, logger, secrets, pauseMs: 50 });
    await using there = new RedisLevel({ url: urls[form]!, logger, secrets, pauseMs: 50 });
    const keys = Array.from({ length: 20 }, (_, n) => `metrics:${workspaceId}:kpis:${form}-${n}`);
    await eventually(async () => {
      for (const key of keys) here.put(key, { text: `figures of ${key}`, bornAt: performance.now() }, 60_000);
      for (const key of keys) expect(await there.get(key)).toMatchObject({ text: `figures of ${key}` });
    });
  });

  test('is no reason to refuse a start', async () => {
    await expect(refuseWrongRedis(urls[form]!)).resolves.toBeUndefined();
  });
});

describe('a start', () => {
  const hostOf = (url: string) => url.replace(/^.*?:\/\/(?:[^@]*@)?/, '').split(/[,/]/)[0]!;

  test.each([
    ['one node of a cluster as if it were alone', () => `redis://${hostOf(urls['a cluster']!)}`, 'redis+cluster://'],
    ['a Sentinel as if it were a server', () => `redis://${hostOf(urls['Sentinel']!)}`, 'redis+sentinel://'],
    [
      'a wrong password',
      () => `redis://:other@${hostOf(urls['one server with a password']!)}`,
      'refuses its user and password',
    ],
    ['no password where one is asked for', () => `redis://${hostOf(urls['one server with a password']!)}`, 'refuses'],
  ])('is refused with %s, and it is said what to write', async (_, url, advice) => {
    await expect(refuseWrongRedis(url())).rejects.toThrow(advice);
  });

  test('is refused with one node of a Valkey cluster, which says what it is in words of its own', async () => {
    const node = createServer((socket) =>
      socket.on('data', (data) => {
        for (const command of data
          .toString()
          .split(/^\*\d+\r\n/m)
          .slice(1)) {
          const said = 'valkey_version:9.1.2\r\nserver_mode:cluster\r\n';
          socket.write(/\binfo\r\n/i.test(command) ? `$${said.length}\r\n${said}\r\n` : '+OK\r\n');
        }
      }),
    );
    await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve));
    opened.defer(() => void node.close());
    const { port } = node.address() as AddressInfo;
    await expect(refuseWrongRedis(`redis://127.0.0.1:${port}`)).rejects.toThrow('redis+cluster://');
  });

  test('is not refused because Redis is away', async () => {
    await expect(refuseWrongRedis(`redis://127.0.0.1:${await freePort()}`)).resolves.toBeUndefined();
  });
});

test('when Sentinel makes another server the master, budgets are counted together again', async () => {
  made += 1;
  await using counters = new RedisCounters({ url: urls['Sentinel']!, logger, pauseMs: 50 });
  await eventually(() => expect(counters.isConnected()).toBe(true));
  await counters.take([claim('before')]);
  await master.kill();
  // Nobody is refused meanwhile.
  await expect(counters.take([claim('meanwhile')])).resolves.toMatchObject([{ allowed: true }]);
  await eventually(
    async () => {
      await counters.take([claim('after')]);
      expect(counters.isConnected()).toBe(true);
    },
    { timeoutMs: 40_000, intervalMs: 200 },
  );
}, 60_000);

test('when Sentinel makes another server the master, answers are kept there, and nobody waits meanwhile', async () => {
  const url = await startSentinel();
  await using level = new RedisLevel({ url, logger, secrets, pauseMs: 50 });
  const key = `metrics:${workspaceId}:kpis:failover`;
  const put = () => level.put(key, { text: 'figures', bornAt: performance.now() }, 60_000);
  await eventually(async () => {
    put();
    expect(await level.get(key)).not.toBeNull();
  });
  await master.kill();
  const begun = performance.now();
  await level.get(key);
  expect(performance.now() - begun).toBeLessThan(1_000);
  await eventually(
    async () => {
      put();
      expect(await level.get(key)).toMatchObject({ text: 'figures' });
    },
    { timeoutMs: 40_000, intervalMs: 200 },
  );
}, 80_000);

test('TLS with an authority of one’s own works when Node is told of the authority, and not else', async () => {
  const { cert, key, ca } = makeCertificates();
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const tlsPort = await freePort();
  const options = ['--tls-port', String(tlsPort), '--tls-auth-clients', 'no', '--tls-ca-cert-file', file('ca.pem', ca)];
  await start([...options, '--tls-cert-file', file('cert.pem', cert), '--tls-key-file', file('key.pem', key)]);
  const ask = `
    import { createLogger } from '@tributary/observability';
    import { connectRedis } from '@tributary/redis';
    const logger = createLogger({ name: 'test', level: 'silent' });
    const redis = connectRedis('rediss://127.0.0.1:${tlsPort}', { logger, waits: true, commandTimeoutMs: 2000 });
    console.log(await redis.ping().catch((error) => error.message));
    redis.disconnect();`;
  const answer = async (env: NodeJS.ProcessEnv): Promise<string> => {
    const command = ['--input-type=module', '--eval', ask];
    const { stdout } = await promisify(execFile)(process.execPath, command, {
      cwd: join(import.meta.dirname, '../../packages/limits'),
      env: { ...process.env, ...env },
    });
    return stdout.trim();
  };
  expect(await answer({ NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') })).toBe('PONG');
  expect(await answer({ NODE_EXTRA_CA_CERTS: '' })).not.toBe('PONG');
}, 30_000);
