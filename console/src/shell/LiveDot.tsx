'use client';
import { useEffect, useState } from 'react';
import { useConnection } from '../live/connection';
import { classes } from '../ui/classes';
import { say } from '../words/say';

/** Whether what is on the screen is of now. */
export function LiveDot() {
  const state = useConnection((connection) => connection.state);
  const waitMs = state.status === 'waiting' ? state.delayMs : 0;
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (waitMs === 0) return;
    const until = Date.now() + waitMs;
    const tell = () => setLeft(Math.max(0, Math.ceil((until - Date.now()) / 1_000)));
    tell();
    const timer = setInterval(tell, 500);
    return () => clearInterval(timer);
  }, [waitMs, state]);
  if (state.status === 'idle' || state.status === 'closed') return null;
  const live = state.status === 'connected';
  return (
    <span role="status" className="flex items-center gap-1.5 text-xs text-soft">
      <span aria-hidden className={classes('size-2 rounded-full', live ? 'bg-good' : 'animate-pulse bg-warn')} />
      {live
        ? say('Live')
        : state.status === 'waiting' && left > 0
          ? say('Reconnecting ({left} s)', { left })
          : say('Reconnecting')}
    </span>
  );
}
