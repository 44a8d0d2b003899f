'use client';
import { useEffect, useMemo, useRef } from 'react';

/** A function that runs once things have been quiet for `ms`, however often it is called; at the latest after ten times that. */
export function useSettled(work: () => void, ms: number): () => void {
  const latest = useRef(work);
  useEffect(() => {
    latest.current = work;
  });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const since = useRef(0);
  useEffect(() => () => void (timer.current && clearTimeout(timer.current)), []);
  return useMemo(
    () => () => {
      const now = Date.now();
      if (!timer.current) since.current = now;
      else if (now - since.current > 10 * ms) return;
      else clearTimeout(timer.current);
      timer.current = setTimeout(() => {
        timer.current = null;
        latest.current();
      }, ms);
    },
    [ms],
  );
}
