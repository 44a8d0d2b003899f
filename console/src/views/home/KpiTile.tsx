import { Sparkline } from '../../charts/Sparkline';
import { classes } from '../../ui/classes';
import { change as changeText } from '../../words/format';
import { sayWith } from '../../words/say';

interface KpiTileProps {
  readonly title: string;
  readonly value: string;
  /** Against the time before, as a share. */
  readonly change?: number | null | undefined;
  /** Whether less of it is better. */
  readonly less?: boolean;
  readonly note?: string;
  readonly values?: readonly (number | null)[] | undefined;
}

export function KpiTile({ title, value, change, less, note, values }: KpiTileProps) {
  const better = change === null || change === undefined || change === 0 ? null : less ? change < 0 : change > 0;
  return (
    <div className="relative min-w-0 overflow-hidden rounded-lg border border-line bg-surface px-4 pt-3 pb-4">
      <p className="truncate text-xs text-soft">{title}</p>
      <p className="nums mt-1 truncate text-2xl font-semibold tracking-tight">{value}</p>
      <p className="h-4 text-xs text-faint">
        {better !== null
          ? sayWith('{change} against before', {
              change: (
                <span
                  className={classes(
                    'nums font-medium',
                    less === undefined ? 'text-soft' : better ? 'text-good' : 'text-bad',
                  )}
                >
                  {changeText(change)}
                </span>
              ),
            })
          : note}
      </p>
      {values && <Sparkline values={values} className="mt-2 h-7 w-full" />}
    </div>
  );
}
