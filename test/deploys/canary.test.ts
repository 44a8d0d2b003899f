import { createServer, type Server } from 'node:http';
import { createServer as createSocketServer, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HaproxyRuntime } from '../../operate/src/canary/HaproxyRuntime.js';
import { runCanary } from '../../operate/src/canary/runCanary.js';
import { weightsFor } from '../../operate/src/canary/weightsFor.js';

/** What a gateway has counted. */
interface Counted {
  quick: number;
  slow: number;
  failed: number;
}

const opened = new Set<{ close: () => unknown }>();
let weights: Record<string, number>;
let up: Record<string, boolean>;
let stable: Counted;
let canary: Counted;

beforeEach(() => {
  weights = { 'gateway-1': 100, 'gateway-2': 0 };
  up = { 'gateway-1': true, 'gateway-2': true };
  stable = { quick: 1_000, slow: 0, failed: 2 };
  canary = { quick: 0, slow: 0, failed: 0 };
});
afterEach(() => {
  for (const each of opened) each.close();
  opened.clear();
});

/** Figures as a gateway shows them: what is quick takes up to 25 ms, what is slow up to 100 ms. */
function metricsOf({ quick, slow, failed }: Counted): string {
  const name = 'tributary_gateway_operation_seconds';
  const bucket = (le: string, count: number) =>
    `${name}_bucket{le="${le}",operation="query",outcome="result"} ${count}`;
  return [
    `# TYPE ${name} histogram`,
    bucket('0.01', 0),
    bucket('0.025', quick),
    bucket('0.05', quick),
    bucket('0.1', quick + slow),
    bucket('+Inf', quick + slow),
    `${name}_count{operation="query",outcome="result"} ${quick + slow}`,
    `${name}_count{operation="none",outcome="failed"} ${failed}`,
    `${name}_count{operation="none",outcome="refused"} 5000`,
  ].join('\n');
}

async function startGateway(counted: () => Counted): Promise<string> {
  const server: Server = createServer((_, response) => response.end(metricsOf(counted())));
  opened.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Speaks as HAProxy's runtime API does. */
async function startRuntime(): Promise<string> {
  const server = createSocketServer((socket) => {
    socket.once('data', (data) => {
      const [, name, weight] = /^set server gateways\/(\S+) weight (\d+)/.exec(data.toString()) ?? [];
      if (name) weights[name] = Number(weight);
      const rows = Object.keys(weights).map(
        (each) => `gateways,${each},${up[each] ? 'UP' : 'DOWN'},${weights[each]},0,0,900,0,0,0,0,0`,
      );
      const head = '# pxname,svname,status,weight,econ,eresp,hrsp_2xx,hrsp_1xx,hrsp_3xx,hrsp_4xx,hrsp_5xx,hrsp_other';
      socket.end(name ? '\n' : `${[head, 'gateways,BACKEND,UP,100,0,0,0,0,0,0,0,0', ...rows].join('\n')}\n\n`);
    });
  });
  opened.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs it; `work` is what gateways have done when the trial has begun. */
async function onTrial(work: () => void): Promise<string | null> {
  const haproxy = new HaproxyRuntime(await startRuntime());
  const [one, other] = [await startGateway(() => stable), await startGateway(() => canary)];
  return runCanary({
    haproxy,
    backend: 'gateways',
    stable: [{ name: 'gateway-1', url: one }],
    canary: [{ name: 'gateway-2', url: other }],
    share: 0.1,
    seconds: 0.3,
    lookEverySeconds: 0.1,
    gates: { failedShare: 0.01, slowerBy: 0.2, leastOperations: 100 },
    say: (line) => {
      if (line.includes('of the requests go to')) work();
    },
    signal: new AbortController().signal,
  });
}

describe('a new version on trial', () => {
  test('gets all requests when it does as well as the others', async () => {
    const refusal = await onTrial(() => {
      expect(weights).toEqual({ 'gateway-1': 200, 'gateway-2': 22 });
      stable = { quick: 1_900, slow: 100, failed: 5 };
      canary = { quick: 190, slow: 10, failed: 1 };
    });
    expect(refusal).toBeNull();
    expect(weights).toEqual({ 'gateway-1': 0, 'gateway-2': 100 });
  });

  test.each([
    ['1 % of its operations fail', () => (canary = { quick: 198, slow: 0, failed: 2 }), '1.0 % of its operations'],
    ['many fail before its time is over', () => (canary = { quick: 20, slow: 0, failed: 5 }), '20.0 % of its'],
    ['95 % of its answers take longer', () => (canary = { quick: 180, slow: 20, failed: 0 }), '95 % of its answers'],
    ['it answers too little to say', () => (canary = { quick: 99, slow: 0, failed: 0 }), 'answered 99 operations'],
    ['it is not ready any more', () => (up['gateway-2'] = false), 'gateway-2 is not ready any more'],
  ])('gets none when %s, and the others get what they had', async (_, work, reason) => {
    const refusal = await onTrial(() => {
      stable = { quick: 2_000, slow: 0, failed: 2 };
      work();
    });
    expect(refusal).toContain(reason);
    expect(weights).toEqual({ 'gateway-1': 100, 'gateway-2': 0 });
  });

  test('gets none when it cannot be asked for its figures', async () => {
    const refusal = await onTrial(() => (canary = { quick: -1, slow: 0, failed: 0 }));
    expect(refusal).toContain('started anew');
    expect(weights).toEqual({ 'gateway-1': 100, 'gateway-2': 0 });
  });
});

test.each([
  [0.1, 1, 1],
  [0.1, 20, 1],
  [0.5, 3, 2],
  [0.01, 2, 1],
])('%s of the requests go to the canaries beside %s others', (share, stables, canaries) => {
  const { stable: one, canary: other } = weightsFor(share, stables, canaries);
  for (const weight of [one, other]) {
    expect(Number.isInteger(weight)).toBe(true);
    expect(weight).toBeGreaterThan(0);
    expect(weight).toBeLessThanOrEqual(256);
  }
  expect((other * canaries) / (other * canaries + one * stables)).toBeCloseTo(share, 2);
});
