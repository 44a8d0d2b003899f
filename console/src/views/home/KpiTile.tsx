import { Sparkline } from '../../charts/Sparkline';
import { classes } from '../../ui/classes';
import { change as changeText } from '../../words/format';
import { say, sayWith } from '../../words/say';

interface KpiTileProps {
  readonly title: string;
  readonly value: string;
  /** Against the time before, as a share. */
  readonly change?: number | null | undefined;
  /** What it was in the time before: said where a change in percent says nothing. */
  readonly before?: string;
  /** Whether less of it is better. */
  readonly less?: boolean;
  readonly note?: string;
  readonly values?: readonly (number | null)[] | undefined;
}

export function KpiTile({ title, value, change, before, less, note, values }: KpiTileProps) {
  const said = changeText(change);
  const better = !change || said === '' ? null : less ? change < 0 : change > 0;
  return (
    <div className="relative min-w-0 overflow-hidden rounded-lg border border-line bg-surface px-4 pt-3 pb-4">
      <p className="truncate text-xs text-soft">{title}</p>
      <p className="nums mt-1 truncate text-2xl font-semibold tracking-tight">{value}</p>
      <p className="h-4 text-xs text-faint">
        {better !== null
          ? sayWith('{change} vs. before', {
              change: (
                <span
                  className={classes(
                    'nums font-medium',
                    less === undefined ? 'text-soft' : better ? 'text-good' : 'text-bad',
                  )}
                >
                  {said}
                </span>
              ),
            })
          : (note ?? (change ? say('was {before} before', { before: before ?? '–' }) : ''))}
      </p>
      {values && <Sparkline values={values} className="mt-2 h-7 w-full" />}
    </div>
  );
}
