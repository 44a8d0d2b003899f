'use client';
import { useOfNow } from '../ui/useNow';
import { moment, relative } from '../words/format';

interface RelativeTimeProps {
  readonly time: string | null | undefined;
  /** What stands there without a time. Default a dash. */
  readonly none?: string;
}

/** "3 min ago", with the moment itself on top of it. */
export function RelativeTime({ time, none = '–' }: RelativeTimeProps) {
  const text = useOfNow((now) => relative(time, now));
  if (!time) return <span className="text-faint">{none}</span>;
  return (
    <time dateTime={time} title={moment(time)} className="nums whitespace-nowrap" suppressHydrationWarning>
      {text}
    </time>
  );
}
