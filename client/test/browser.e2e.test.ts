import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { eventually, startTcpProxy } from '@tributary/kit';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { startSystem } from '../../test/e2e/harness.js';
import type * as ClientModule from '../src/index.js';

const createFlow = `mutation ($input: CreateFlowInput!) { createFlow(input: $input) { flow { id } } }`;
const report = `mutation ($input: ReportFlowProgressInput!) { reportFlowProgress(input: $input) { flow { id } } }`;
const steps = 30;

const browserPath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
);

/** What a page would import from a bundler's output. */
async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL('../src/index.ts', import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

async function servePage() {
  const script = await bundle();
  const server = createServer((request, response) => {
    const isScript = request.url === '/client.js';
    response.writeHead(200, { 'content-type': isScript ? 'text/javascript' : 'text/html' });
    response.end(isScript ? script : '<!doctype html><title>A page</title>');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: script.length,
    [Symbol.asyncDispose]: () => {
      server.closeAllConnections();
      return new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

type Client = Pick<typeof ClientModule, 'createTributaryClient' | 'hasEnded'>;

/** What the page has seen so far. */
interface Shown {
  seen: { type: string; sequence: number }[];
  states: string[];
  /** The flow at its end, or the text of an error; null until then. */
  done: unknown;
}

/** Runs in the page, so it can use nothing of this file. */
async function followInPage({
  module,
  url,
  token,
  flowId,
}: {
  module: string;
  url: string;
  token: string;
  flowId: string;
}): Promise<void> {
  const { createTributaryClient, hasEnded } = (await import(module)) as Client;
  const seen: Shown['seen'] = [];
  const states: string[] = [];
  const shown = globalThis as unknown as Shown;
  Object.assign(shown, { seen, states, done: null });
  const client = createTributaryClient({
    url,
    authorization: () => token,
    retry: { minDelayMs: 50, maxDelayMs: 300 },
    idleCloseMs: 0,
    onState: ({ status }) => states.push(status),
  });
  const follow = async () => {
    for await (const { type, sequence, status } of client.flowProgress(flowId)) {
      seen.push({ type, sequence });
      if (hasEnded(status)) break;
    }
    return client.waitForFlow(flowId);
  };
  follow().then(
    (flow) => (shown.done = flow),
    (error: unknown) => (shown.done = String(error)),
  );
}

(browserPath ? test : test.skip)(
  'a page in a browser follows a flow from start to end, though its connection is cut in the middle',
  async () => {
    await using page = await servePage();
    expect(page.bytes).toBeLessThan(24_000);
    await using system = await startSystem('embedded', { CORS_ORIGINS: page.origin });
    await using proxy = await startTcpProxy(Number(new URL(system.url).port));
    const owner = await system.signIn();
    const flowId = (
      await owner.ask(createFlow, { input: { kind: 'crew', name: 'Seen in a browser', phases: ['only'] } })
    ).createFlow.flow.id as string;
    const browser = await chromium.launch({ executablePath: browserPath!, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      const tab = await browser.newPage();
      await tab.goto(page.origin);
      await tab.evaluate(followInPage, {
        module: '/client.js',
        url: `http://127.0.0.1:${proxy.port}/graphql`,
        token: owner.accessToken,
        flowId,
      });
      const look = () =>
        tab.evaluate(() => {
          const { seen, states, done } = globalThis as unknown as Shown;
          return { seen, states, done };
        });
      await eventually(async () => expect((await look()).seen[0]?.type).toBe('stream.snapshot'));
      for (let step = 1; step <= steps; step += 1) {
        const done = step === steps;
        await owner.ask(report, {
          input: { flowId, phase: 'only', status: done ? 'SUCCEEDED' : 'RUNNING', progress: step / steps },
        });
        if (step === 10) await proxy.cut();
        if (step === 20) await proxy.resume();
      }
      await eventually(async () => expect((await look()).done).not.toBeNull(), { timeoutMs: 15_000 });
      const { seen, states, done } = await look();
      expect(done).toMatchObject({ id: flowId, status: 'SUCCEEDED', progress: 1 });
      expect(seen.map((event) => event.sequence)).toEqual(seen.map((_, index) => seen[0]!.sequence + index));
      expect(seen.length).toBeGreaterThanOrEqual(steps);
      expect(seen.filter((event) => event.type.startsWith('stream.'))).toHaveLength(1);
      expect(states).toContain('waiting');
      await eventually(() => expect(proxy.connections).toBe(0));
    } finally {
      await browser.close();
    }
  },
  90_000,
);
