import { classes } from './classes';

interface ProgressProps {
  /** 0 to 1. */
  readonly value: number;
  readonly label: string;
  readonly className?: string;
  readonly tone?: 'accent' | 'good' | 'bad' | 'warn';
}

const tones = { accent: 'bg-accent', good: 'bg-good', bad: 'bg-bad', warn: 'bg-warn' };

export function Progress({ value, label, className, tone = 'accent' }: ProgressProps) {
  const share = Math.max(0, Math.min(1, value));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
      className={classes('h-1.5 w-full overflow-hidden rounded-full bg-sunken', className)}
    >
      <div
        className={classes('h-full rounded-full transition-[width] duration-300', tones[tone])}
        style={{ width: `${share * 100}%` }}
      />
    </div>
  );
}
