import type { ReactNode } from 'react';
import { classes } from './classes';

interface CardProps {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  readonly className?: string;
  /** Of the content: without it there is room around. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

export function Card({ title, aside, className, flush, children }: CardProps) {
  return (
    <section className={classes('min-w-0 rounded-lg border border-line bg-surface', className)}>
      {title !== undefined && (
        <header className="flex min-h-11 flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
          <h2 className="text-sm font-semibold">{title}</h2>
          {aside !== undefined && <div className="flex items-center gap-2 text-xs text-faint">{aside}</div>}
        </header>
      )}
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </section>
  );
}
