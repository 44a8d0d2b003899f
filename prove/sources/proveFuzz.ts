import { Worker } from 'node:worker_threads';
import type { FuzzMessage } from './fuzzWorker.ts';

export interface FuzzCounts {
  readonly tried: number;
  readonly crashes: number;
  readonly hangs: number;
  readonly slowestMs: number;
  /** Of the thread's heap, the most behind any file. */
  readonly memoryMb: number;
  /** How often each end came. */
  readonly ends: ReadonlyMap<string, number>;
}

const maxMs = 30_000;
/** What is told of, so that somebody looks. */
const slowMs = 5_000;
/** Of the thread's heap, with all that is loaded once. */
const maxHeapMb = 300;

/** Reads mutated files in a thread that is ended when a file takes longer than 30 s, and that breaks when it needs more memory than it may. */
export async function proveFuzz(count: number, seed: number, tell: (line: string) => void): Promise<FuzzCounts> {
  const ends = new Map<string, number>();
  const counts = { tried: 0, crashes: 0, hangs: 0, slowestMs: 0 };
  let peakHeap = 0;
  const told = (message: FuzzMessage): void => {
    if (message.type === 'begin') return;
    counts.tried += 1;
    if (message.type === 'crash') {
      counts.crashes += 1;
      tell(`CRASH ${message.n}: ${message.stack}`);
      return;
    }
    ends.set(message.end, (ends.get(message.end) ?? 0) + 1);
    counts.slowestMs = Math.max(counts.slowestMs, message.ms);
    if (message.ms > slowMs) tell(`SLOW ${message.n}: ${(message.ms / 1000).toFixed(1)} s, ${message.end}`);
    peakHeap = Math.max(peakHeap, message.heap);
  };
  for (let next = 0; next < count;) {
    const { last, how } = await readOn(next, count, seed, told);
    next = how === 'done' ? count : last + 1;
    if (how === 'hang') counts.hangs += 1;
    if (how === 'broken') counts.crashes += 1;
    if (how !== 'done')
      tell(
        `${how.toUpperCase()} ${last}: ${how === 'hang' ? `no end within ${maxMs / 1000} s` : `more than ${maxHeapMb} MB`}`,
      );
  }
  return { ...counts, ends, memoryMb: peakHeap / 1_048_576 };
}

interface Reading {
  /** The file that was read last. */
  readonly last: number;
  readonly how: 'done' | 'hang' | 'broken';
}

function readOn(from: number, count: number, seed: number, told: (message: FuzzMessage) => void): Promise<Reading> {
  return new Promise((resolve) => {
    const worker = new Worker(new URL('fuzzWorker.ts', import.meta.url), {
      workerData: { from, to: count, seed },
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    let last = from;
    let timer: NodeJS.Timeout;
    const end = (how: Reading['how']): void => {
      clearTimeout(timer);
      resolve({ last, how });
    };
    const watch = (): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        void worker.terminate();
        end('hang');
      }, maxMs);
    };
    watch();
    worker.on('message', (message: FuzzMessage) => {
      if (message.type === 'begin') last = message.n;
      watch();
      told(message);
    });
    worker.once('error', () => end('broken'));
    worker.once('exit', () => end('done'));
  });
}
