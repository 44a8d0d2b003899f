'use client';
import { useMemo } from 'react';
import { Choice } from '../ui/Field';
import { useOfNow } from '../ui/useNow';
import { say } from '../words/say';
import { spans } from './timeRange';

export const sinceTimes = ['1h', '24h', '7d', '30d', 'ever'] as const;
export type SinceTime = (typeof sinceTimes)[number];
const names = {
  '1h': 'last hour',
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
  ever: 'at any time',
} as const;
/** The range moves on in steps, so that it is not another question at each look. */
const stepMs = 60_000;

/** From when on, as the graph takes it. Null: from ever. */
export function useSince(chosen: SinceTime): string | null {
  const minute = useOfNow((now) => Math.ceil((now || Date.now()) / stepMs) * stepMs);
  return useMemo(
    () => (chosen === 'ever' ? null : new Date(minute - spans[chosen] * 1_000).toISOString()),
    [chosen, minute],
  );
}

interface SinceChoiceProps {
  readonly label: string;
  readonly value: SinceTime;
  readonly onChoose: (next: SinceTime) => void;
}

export function SinceChoice({ label, value, onChoose }: SinceChoiceProps) {
  return (
    <Choice
      aria-label={label}
      className="w-auto max-w-full"
      value={value}
      names={sinceTimes}
      wordOf={(name) => say(names[name])}
      onChoose={onChoose}
    />
  );
}
