import type { ReactNode } from 'react';
import { classes } from './classes';

export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'rest';

const tones: Readonly<Record<Tone, string>> = {
  good: 'bg-good-wash text-good',
  warn: 'bg-warn-wash text-warn',
  bad: 'bg-bad-wash text-bad',
  busy: 'bg-busy-wash text-busy',
  rest: 'bg-rest-wash text-rest',
};

interface BadgeProps {
  readonly tone?: Tone;
  readonly className?: string;
  readonly pulse?: boolean;
  readonly children: ReactNode;
}

export function Badge({ tone = 'rest', className, pulse, children }: BadgeProps) {
  return (
    <span
      className={classes(
        'inline-flex max-w-full items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap',
        tones[tone],
        className,
      )}
    >
      {pulse && <span aria-hidden className="size-1.5 shrink-0 animate-pulse rounded-full bg-current" />}
      <span className="truncate">{children}</span>
    </span>
  );
}
