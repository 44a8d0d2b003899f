import { readFileSync, readdirSync } from 'node:fs';

/** One process of the system under test, as /proc shows it. */
export interface ProcessSample {
  readonly pid: number;
  /** The part of the system that it is: `main`, `worker`, `postgres`, `gateway`, `flow`, … */
  readonly part: string;
  /** Used so far, of children that have ended, too. */
  readonly cpuSeconds: number;
  /** Its share of the memory that it holds together with others, so that the sum over all processes counts each page once. */
  readonly pssBytes: number;
}

const ticksPerSecond = 100;

const parts: readonly (readonly [RegExp, string])[] = [
  [/workerMain\.js|worker\/(dist\/)?main\.js/, 'worker'],
  [/embedded\/dist\/main\.js/, 'main'],
  [/gateway\/dist\/main\.js/, 'gateway'],
  [/subgraphs\/(\w+)\/dist\/main\.js/, '$1'],
  [/^postgres:|\/postgres /, 'postgres'],
  [/redis-server/, 'redis'],
  [/npm|start\.mjs|[cC]luster\.mjs/, 'launcher'],
];

/** Every process below `root`, by default below this one: all that a measurement has started. */
export function descendants(root = process.pid): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = statOf(Number(name));
    if (stat) children.set(stat.parent, [...(children.get(stat.parent) ?? []), Number(name)]);
  }
  const found: number[] = [];
  const waiting = [root];
  for (let pid = waiting.pop(); pid !== undefined; pid = waiting.pop()) {
    const below = children.get(pid) ?? [];
    found.push(...below);
    waiting.push(...below);
  }
  return found;
}

/** Looks at every process of the system once. Those that end meanwhile are left out. */
export function sampleProcesses(): ProcessSample[] {
  return descendants().flatMap((pid) => {
    const stat = statOf(pid);
    const memory = readProc(pid, 'smaps_rollup');
    if (!stat || memory === null) return [];
    const pss = /^Pss:\s+(\d+) kB/m.exec(memory);
    return { pid, part: partOf(pid), cpuSeconds: stat.cpuSeconds, pssBytes: Number(pss?.[1] ?? 0) * 1024 };
  });
}

/** CPU time of all processes of the system so far: the difference of two calls is what happened in between. */
export function cpuSeconds(): number {
  return descendants().reduce((sum, pid) => sum + (statOf(pid)?.cpuSeconds ?? 0), 0);
}

/** Memory of each part in bytes, and of all under `total`. */
export function memoryByPart(): Record<string, number> {
  const memory: Record<string, number> = { total: 0 };
  for (const { part, pssBytes } of sampleProcesses()) {
    memory[part] = (memory[part] ?? 0) + pssBytes;
    memory['total']! += pssBytes;
  }
  return memory;
}

/** The processes that are one part of the system: of the one below `root`, by default of all. */
export function pidsOf(part: string, root = process.pid): number[] {
  return descendants(root).filter((pid) => partOf(pid) === part);
}

/** The process among these that listens at this port. */
export function listenerAt(port: string, pids: readonly number[]): number {
  const found = pids.find((pid) => readProc(pid, 'environ')?.split('\0').includes(`PORT=${port}`));
  if (found === undefined) throw new Error(`No process listens at ${port}.`);
  return found;
}

/** CPU time of these processes so far in milliseconds, as the scheduler counted it: finer than the ticks of `cpuSeconds`. */
export function cpuMilliseconds(pids: readonly number[]): number {
  const ofThread = (pid: number, thread: string) =>
    Number((readProc(pid, `task/${thread}/schedstat`) ?? '0').split(' ')[0]) / 1e6;
  const ofProcess = (pid: number) =>
    readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + ofThread(pid, thread), 0);
  return pids.reduce((sum, pid) => sum + ofProcess(pid), 0);
}

/** CPU time of processes so far, in milliseconds, by pid, with the part that each of them is. */
export type CpuSample = ReadonlyMap<number, { readonly part: string; readonly milliseconds: number }>;

export function sampleCpu(pids: readonly number[]): CpuSample {
  return new Map(
    pids.flatMap((pid) => {
      try {
        return [[pid, { part: partOf(pid), milliseconds: cpuMilliseconds([pid]) }] as const];
      } catch {
        // It has ended since it was listed.
        return [];
      }
    }),
  );
}

/** What each part spent between two samples. A process that ended in between counts for nothing. */
export function cpuBetween(before: CpuSample, after: CpuSample): Record<string, number> {
  const spent: Record<string, number> = {};
  for (const [pid, { part, milliseconds }] of after)
    spent[part] = (spent[part] ?? 0) + milliseconds - (before.get(pid)?.milliseconds ?? 0);
  return spent;
}

/** Memory of these processes in bytes. */
export function memoryOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const pss = /^Pss:\s+(\d+) kB/m.exec(readProc(pid, 'smaps_rollup') ?? '');
    return sum + Number(pss?.[1] ?? 0) * 1024;
  }, 0);
}

function partOf(pid: number): string {
  const command = (readProc(pid, 'cmdline') ?? '').replaceAll('\0', ' ');
  for (const [pattern, part] of parts) {
    const match = pattern.exec(command);
    if (match) return part.replace('$1', match[1] ?? '');
  }
  return 'other';
}

function statOf(pid: number): { parent: number; cpuSeconds: number } | null {
  const text = readProc(pid, 'stat');
  if (text === null) return null;
  // The name of the program, in parentheses, may hold anything.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { parent: Number(fields[1]), cpuSeconds: ticks / ticksPerSecond };
}

function readProc(pid: number, file: string): string | null {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return null;
  }
}
