import { setTimeout as delay } from 'node:timers/promises';
import { cpuBetween, type CpuSample } from './processes.js';
import { quantile } from './statistics.js';

export interface CallerOptions {
  /** Each sends its next request when it has the answer to the one before. */
  readonly callers: number;
  readonly seconds: number;
  /** CPU time so far of the system's processes. */
  readonly sampleCpu: () => CpuSample;
}

/** Names and values of one round, in the unit that the name says. */
export type Figures = Record<string, number>;

/** Keeps callers busy for a while. `call` gets the number of its caller; when it throws, the measurement fails. */
export async function measureCallers(
  options: CallerOptions,
  call: (caller: number) => Promise<unknown>,
): Promise<Figures> {
  const { callers, seconds, sampleCpu } = options;
  const latencies: number[] = [];
  const cpuBefore = sampleCpu();
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: callers }, async (_, caller) => {
      while (performance.now() < until) {
        const begun = performance.now();
        await call(caller);
        latencies.push(performance.now() - begun);
      }
    }),
  );
  const took = (performance.now() - started) / 1000;
  const cpu = costByPart(cpuBetween(cpuBefore, sampleCpu()), latencies.length);
  return {
    'p50 ms': quantile(latencies, 0.5),
    'p99 ms': quantile(latencies, 0.99),
    'requests/s': latencies.length / took,
    'requests/CPU s': 1000 / cpu['CPU ms']!,
    ...cpu,
  };
}

/** Least share of the whole that a part must have to be named. */
const leastShare = 0.01;

/** CPU milliseconds a request: of the whole system, and of each part that has a share worth naming. */
function costByPart(spent: Readonly<Record<string, number>>, requests: number): Figures {
  const parts = Object.entries(spent)
    .map(([part, milliseconds]) => [part, milliseconds / requests] as const)
    .sort(([, one], [, other]) => other - one);
  const whole = parts.reduce((sum, [, cost]) => sum + cost, 0);
  return {
    'CPU ms': whole,
    ...Object.fromEntries(
      parts.filter(([, cost]) => cost >= whole * leastShare).map(([part, cost]) => [`CPU ms of ${part}`, cost]),
    ),
  };
}

/** One caller that asks at a steady pace until it is stopped: what somebody else feels of a load. */
export class SteadyCaller {
  readonly latencies: number[] = [];
  failures = 0;
  readonly #done: Promise<void>;
  #stopped = false;

  constructor(everyMs: number, call: () => Promise<unknown>) {
    this.#done = this.#run(everyMs, call);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#done;
  }

  async #run(everyMs: number, call: () => Promise<unknown>): Promise<void> {
    while (!this.#stopped) {
      const begun = performance.now();
      await call().catch((error: unknown) => {
        this.failures += 1;
        console.error(String(error).slice(0, 300));
      });
      this.latencies.push(performance.now() - begun);
      await delay(everyMs);
    }
  }
}
