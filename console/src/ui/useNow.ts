'use client';
import { useSyncExternalStore } from 'react';

const everyMs = 1_000;
let now = typeof window === 'undefined' ? 0 : Date.now();
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | null = null;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, everyMs);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer) {
      clearInterval(timer);
      timer = null;
    }
  };
}

/** The time in ms since 1970, a second at a time; one clock for all who look at it. */
export function useNow(): number {
  return useOfNow((at) => at);
}

/** What is made of the time, a text or number; who asks is drawn again when it is another one, not with each second. */
export function useOfNow<Value extends string | number>(make: (now: number) => Value): Value {
  return useSyncExternalStore(
    subscribe,
    () => make(now),
    () => make(0),
  );
}
