import type { TableRow } from '@tributary/kit/measure';
import type { Fault } from './drawFault.ts';

/** How often each kind happened to each part: one row a kind, replicas together. */
export function faultTable(faults: readonly Fault[]): TableRow[] {
  const parts = [...new Set(faults.map(partOf))].sort((a, b) => Number(a.includes('→')) - Number(b.includes('→')));
  return [...Map.groupBy(faults, ({ kind }) => kind)].map(([kind, those]) => ({
    fault: kind,
    ...Object.fromEntries(parts.map((part) => [part, those.filter((fault) => partOf(fault) === part).length])),
    total: those.length,
  }));
}

function partOf({ target }: Fault): string {
  const [from, to] = target.split('→') as [string, string | undefined];
  if (!to) return replicated(from);
  if (from === 'client') return 'client→gateway';
  return from.startsWith('gateway') ? 'gateway→subgraph' : `subgraph→${to}`;
}

const replicated = (name: string): string => name.replace(/-\d+$/, '');
