import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { eventually, freePort } from '@tributary/kit';
import { startSystem } from './harness.js';

interface Report {
  readonly status: number;
  readonly body: { readonly status: string; readonly degraded: readonly string[] };
}

async function reportOf(origin: string): Promise<Report | null> {
  const response = await fetch(`${origin}/health/ready`).catch(() => null);
  return response && { status: response.status, body: (await response.json()) as Report['body'] };
}

/** Pids below a process, on Linux. */
function childrenOf(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);
}

function isWorker(pid: number): boolean {
  return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('workerMain.js');
}

test('ready means that people can sign in, work is done and the samples are there; a worker that falls later degrades', async () => {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const seen: number[] = [];
  let isOver = false;
  const watching = (async () => {
    while (!isOver) {
      const report = await reportOf(origin);
      if (report) seen.push(report.status);
      if (report?.status === 200) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  })();
  await using system = await startSystem('embedded', { PORT: String(port), DEMO_DATA: 'true' });
  await watching.finally(() => (isOver = true));
  // Before the samples were there it was asked more than once.
  expect(seen.filter((status) => status === 503).length).toBeGreaterThan(0);
  expect(seen.at(-1)).toBe(200);
  const owner = await system.signIn();
  const { flows } = await owner.ask('{ flows { nodes { status } } }');
  const isUnderWay = ({ status }: { status: string }) => status === 'QUEUED' || status === 'RUNNING';
  expect(flows.nodes.length).toBeGreaterThan(0);
  expect(flows.nodes.filter(isUnderWay)).toEqual([]);

  const worker = childrenOf(system.process!.pid!).find(isWorker)!;
  process.kill(worker, 'SIGKILL');
  await eventually(async () => {
    expect(await reportOf(origin)).toEqual({ status: 200, body: { status: 'degraded', degraded: ['worker'] } });
  });
  await eventually(async () => expect((await reportOf(origin))?.body.status).toBe('ready'), { timeoutMs: 15_000 });
}, 120_000);
