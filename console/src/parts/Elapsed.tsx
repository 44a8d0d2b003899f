'use client';
import { useOfNow } from '../ui/useNow';
import { duration } from '../words/format';

interface ElapsedProps {
  readonly from: string | null | undefined;
  /** Null: it goes on. */
  readonly to: string | null | undefined;
}

/** How long something took, or has taken so far. */
export function Elapsed({ from, to }: ElapsedProps) {
  const text = useOfNow((now) => elapsed(from, to, now));
  if (!from) return <span className="text-faint">–</span>;
  return <span className="nums whitespace-nowrap">{text}</span>;
}

/** What goes on is counted in whole seconds. */
function elapsed(from: ElapsedProps['from'], to: ElapsedProps['to'], now: number): string {
  if (!from) return '';
  const begin = Date.parse(from);
  return duration(to ? Date.parse(to) - begin : Math.floor(Math.max(0, now - begin) / 1_000) * 1_000);
}
