// `npm run prove:hostile`: hostile documents, bodies and messages while a normal user works. All are refused with a code, nothing
// crashes, and the user hardly notices.   --requests 100000   --attackers 4   --seed 1   --mode embedded|cluster
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { megabytes, MemoryWatch, pidsOf, printTable, quantile, SteadyCaller } from '@tributary/kit/measure';
import { Client, serverListBuffer, startDiscovery, untilEnded } from '@tributary/kit/client';
import { type Mode, System } from '@tributary/kit';
import type { AttackOptions, AttackReport } from './attack.ts';
import { LiveHeap } from './LiveHeap.ts';
import { slowBodies } from './slowBodies.ts';

const { values: flags } = parseArgs({
  options: {
    requests: { type: 'string', default: '100000' },
    attackers: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    mode: { type: 'string', default: 'embedded' },
    seconds: { type: 'string', default: '20' },
  },
});
const userEveryMs = 50;
const warmUpRequests = 3_000;
const maxMemory = 50;

await using system = await System.start({ mode: flags.mode as Mode });
const front = system.mode === 'cluster' ? 'gateway' : 'main';
const user = new Client(system);
const attacker = new Client(system, 'globex');
const list = serverListBuffer({ rows: 500, prefix: 'user' });
await untilEnded(user, await startDiscovery(user, { name: 'user.csv', content: list }), 120);
const page =
  '{ flows(first: 5) { nodes { id name status phases { name status } assets(first: 20) { nodes { id name } } } } viewer { role } }';
const options = { url: system.url, authorization: await attacker.authorization(), seed: Number(flags.seed) };

// Everything has been compiled and every cache is as full as it gets before anything is measured.
const warmUp = new SteadyCaller(userEveryMs, () => user.ask(page));
await attack({ ...options, seed: options.seed + 1, requests: warmUpRequests, attackers: Number(flags.attackers) });
await warmUp.stop();

const quiet = new SteadyCaller(userEveryMs, () => user.ask(page));
await delay(Number(flags.seconds) * 1_000);
await quiet.stop();
const pids = pidsOf(front).join();
const memory = new MemoryWatch();
const memoryBefore = memory.now()[front]!;

const heap = new LiveHeap(system.origin);
const normal = new SteadyCaller(userEveryMs, () => user.ask(page));
const begun = performance.now();
const slow = slowBodies(system.url, 50);
const report = await attack({ ...options, requests: Number(flags.requests), attackers: Number(flags.attackers) });
const seconds = (performance.now() - begun) / 1_000;
await normal.stop();
const slowAnswers = await slow;
const memoryMost = memory.stop()[front]!;
const kept = heap.stop();

printTable(
  [...report.latencies].map(([kind, ms]) => ({
    kind,
    requests: ms.length,
    'p50 ms': quantile(ms, 0.5),
    'p99 ms': quantile(ms, 0.99),
    'most ms': Math.max(...ms),
  })),
);
console.log();
printTable([...report.codes].map(([code, times]) => ({ code, times })));
console.log();
const all = [...report.latencies.values()].flat();
const before = quantile(quiet.latencies, 0.99);
const meanwhile = quantile(normal.latencies, 0.99);
printTable([
  { figure: 'requests', value: all.length, aim: '' },
  { figure: 'a second', value: all.length / seconds, aim: '' },
  { figure: 'not refused with a code', value: report.failed, aim: '0' },
  { figure: 'p99 of a refusal, ms', value: quantile(all, 0.99), aim: '20' },
  { figure: 'slow bodies cut off with a code', value: slowAnswers.refused, aim: String(slowAnswers.sent) },
  { figure: 'memory before, MB', value: megabytes(memoryBefore), aim: '' },
  { figure: 'memory more at most, MB', value: megabytes(memoryMost - memoryBefore), aim: String(maxMemory) },
  { figure: 'heap kept, first half, MB', value: megabytes(kept.first), aim: '' },
  {
    figure: 'heap kept, second half, MB',
    value: megabytes(kept.second),
    aim: String(megabytes(kept.first) + maxMemory),
  },
  { figure: 'user before, p99 ms', value: before, aim: '' },
  { figure: 'user meanwhile, p99 ms', value: meanwhile, aim: (2 * before).toFixed(1) },
  { figure: 'user failed', value: normal.failures, aim: '0' },
]);
const isSame = pidsOf(front).join() === pids && (await user.healthy());
for (const failure of report.failures) console.error(failure);
if (!isSame) console.error('A process has ended, or is not healthy.');
const keepsMore = kept.second - kept.first > maxMemory * 1024 * 1024;
if (keepsMore) console.error('The heap keeps more and more.');
if (!isSame || keepsMore || report.failed > 0 || normal.failures > 0 || slowAnswers.refused < slowAnswers.sent)
  process.exitCode = 1;
user.close();
attacker.close();

function attack(attackOptions: AttackOptions): Promise<AttackReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./attack.ts', import.meta.url), { workerData: attackOptions });
    worker.on('message', (message: AttackReport | number) => {
      if (typeof message === 'number') console.error(`${message} sent`);
      else resolve(message);
    });
    worker.once('error', reject);
  });
}
