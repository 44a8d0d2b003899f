import { duration, label, nameOf } from '../../words/format';

interface Phase {
  readonly name: string;
  readonly title: string;
  readonly status: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
}

const fills: Readonly<Record<string, string>> = {
  SUCCEEDED: 'bg-good',
  FAILED: 'bg-bad',
  RUNNING: 'bg-busy animate-pulse',
  AWAITING_APPROVAL: 'bg-warn',
};

/** The phases of a flow as wide as they took, and at least as wide as can be seen. */
export function MiniTimeline({ phases }: { readonly phases: readonly Phase[] }) {
  const took = phases.map(({ startedAt, finishedAt }) =>
    startedAt && finishedAt ? Date.parse(finishedAt) - Date.parse(startedAt) : 0,
  );
  const whole = took.reduce((sum, ms) => sum + ms, 0);
  return (
    <div
      role="img"
      aria-label={phases
        .map(({ title, status }, index) => `${nameOf(title)}: ${label(status)}, ${duration(took[index])}`)
        .join('; ')}
      className="flex h-2.5 gap-px overflow-hidden rounded-sm"
    >
      {phases.map(({ name, title, status }, index) => (
        <span
          key={name}
          title={`${nameOf(title)}: ${label(status)}, ${duration(took[index])}`}
          className={`min-w-2 ${fills[status] ?? 'bg-line-strong'}`}
          style={{ flexGrow: whole === 0 ? 1 : (took[index] ?? 0) / whole }}
        />
      ))}
    </div>
  );
}
