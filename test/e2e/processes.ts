import { readdirSync, readFileSync } from 'node:fs';

/** A process, found among the descendants of another by what it was started with. Throws when there is none. */
export function pidOf(ancestor: number, command: RegExp): number {
  const descendants = new Set([ancestor]);
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  for (const _ of [1, 2, 3]) for (const pid of processes) if (descendants.has(parentOf(pid))) descendants.add(pid);
  const found = [...descendants].find((pid) => command.test(read(`/proc/${pid}/cmdline`)));
  if (!found) throw new Error(`No process ${command} was found.`);
  return found;
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1] ?? -1);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
