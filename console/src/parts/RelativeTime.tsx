'use client';
import { useNow } from '../ui/useNow';
import { moment, relative } from '../words/format';

/** "3 min ago", with the moment itself on top of it. */
export function RelativeTime({ time }: { readonly time: string | null | undefined }) {
  const now = useNow();
  if (!time) return <span className="text-faint">–</span>;
  return (
    <time dateTime={time} title={moment(time)} className="nums whitespace-nowrap" suppressHydrationWarning>
      {relative(time, now)}
    </time>
  );
}
