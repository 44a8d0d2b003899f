'use client';
import { useNow } from '../ui/useNow';
import { duration } from '../words/format';

interface ElapsedProps {
  readonly from: string | null | undefined;
  /** Null: it goes on. */
  readonly to: string | null | undefined;
}

/** How long something took, or has taken so far. */
export function Elapsed({ from, to }: ElapsedProps) {
  const now = useNow();
  if (!from) return <span className="text-faint">–</span>;
  const ms = (to ? Date.parse(to) : Math.max(now, Date.parse(from))) - Date.parse(from);
  return <span className="nums whitespace-nowrap">{duration(to ? ms : Math.floor(ms / 1_000) * 1_000)}</span>;
}
